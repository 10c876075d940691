"""What istiod's webhook checks, a kind of object each."""
