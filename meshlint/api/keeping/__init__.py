"""Answers kept on disk: under which name, and how they are believed again."""
