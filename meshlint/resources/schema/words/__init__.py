"""How is a fault told? What is written, what comes of it, and what was probably meant."""
