"""What happens to a request beside the choice of its destination? Timeouts, retries, faults, policies."""
