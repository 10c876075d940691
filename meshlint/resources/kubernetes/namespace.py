"""Namespaces."""

from __future__ import annotations

from meshlint.resources.resource import Resource
from meshlint.resources.view import ObjectView
from meshlint.values import frozen


@frozen(eq=False, repr=False)
class Namespace(ObjectView):
    """A namespace; what matters of it are its name, labels and annotations."""


def namespace(resource: Resource) -> Namespace:
    """`resource` read as a core/v1 Namespace."""
    return Namespace(resource)
