"""Objects that have another name in the cluster than in git, as tools on the way give it to them."""

from __future__ import annotations

from collections.abc import Collection

from meshlint.resources.collection import ResourceSet
from meshlint.resources.resource import Resource


def renamed(resources: ResourceSet, kind: str, namespaces: Collection[str], name: str) -> Resource | None:
    """The object of a core kind in one of `namespaces` that was written under `name`, and has another now."""
    for one in resources.of("", kind):
        if one.namespace in namespaces and name in one.document.former_names:
            return one
    return None
