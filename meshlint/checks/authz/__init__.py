"""Whom do policies let in, and whom did their authors mean? By mesh."""
