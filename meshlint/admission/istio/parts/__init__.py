"""What istiod's webhook checks in parts that stand in several kinds, or by themselves in one."""
