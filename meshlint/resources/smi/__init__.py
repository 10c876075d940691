"""Views of the Service Mesh Interface's kinds."""
