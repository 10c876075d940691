"""What would an object newly break in the cluster? Reviews of the API server."""
