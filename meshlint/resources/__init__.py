"""Which API object is this? Schema-checked, typed, defaulted views per API family."""

from meshlint.resources.collection import ResourceSet, collect
from meshlint.resources.resource import DEFAULT_NAMESPACE, ObjectId, Resource

__all__ = ["DEFAULT_NAMESPACE", "ObjectId", "Resource", "ResourceSet", "collect"]
