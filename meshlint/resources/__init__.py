"""Which API object is this? Schema-checked, typed, defaulted views per API family."""
