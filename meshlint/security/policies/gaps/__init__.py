"""Whom do policies let in that nobody meant?"""
