"""What does a schema say of a value? Schemas made ready for walking, node by node."""
