"""How does everything hang together at once? The objects as nodes, their relations and calls as edges."""
