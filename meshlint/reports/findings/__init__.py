"""How are findings told? One writer per format, and the summary beside them."""
