"""Answers kept: on disk under which name, and over an edit; and how they are believed again."""
