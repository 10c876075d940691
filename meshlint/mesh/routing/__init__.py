"""Which rules and routes are there for a host or a gateway, and which of them counts? Knows no requests."""
