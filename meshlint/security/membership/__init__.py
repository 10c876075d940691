"""Is a workload part of a mesh? Injection, what makes it and what undoes it."""
