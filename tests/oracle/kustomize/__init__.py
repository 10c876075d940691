"""A real kustomize as the judge of our reader."""
