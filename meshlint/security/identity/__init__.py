"""How far does an identity in a policy reach? Knows no workloads."""
