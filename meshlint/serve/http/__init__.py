"""What stands where on the wire? Routes, headers, logs and metrics."""
