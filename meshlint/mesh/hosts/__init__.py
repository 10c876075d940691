"""What does a host name stand for? Services, entries and their ports. Knows no routes."""
