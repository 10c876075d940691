"""How does a call travel? Listeners, mutual TLS on both sides, and what goes past the proxies."""
