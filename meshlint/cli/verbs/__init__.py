"""The verbs of meshlint, a module each."""
