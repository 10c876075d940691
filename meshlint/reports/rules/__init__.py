"""How are rules told? Their lists and their pages."""
