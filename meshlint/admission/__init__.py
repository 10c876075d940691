"""Would the cluster take this object? Knows nothing of the mesh that the objects make together."""
