"""Which rules does a proxy hold for a host or a listener, and in which order? Knows no single request."""
