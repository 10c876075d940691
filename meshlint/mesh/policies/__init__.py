"""Which policies attach to which workloads? Knows not what they say."""
