"""What does a change do? Findings, calls, ways and workloads before it and after it."""
