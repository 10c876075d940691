"""Where objects that name no namespace may end up.

Many manifests leave the namespace to `kubectl -n`, to kustomize or to a GitOps tool. They are read as living
in the default one, but their absence from another is no proof, nor do unrelated ones belong together.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from attrs import frozen

if TYPE_CHECKING:
    from meshlint.resources import Resource, ResourceSet

Kind = tuple[str, str]


@frozen(eq=False, slots=False, repr=False)
class Placement:
    """Objects without a namespace, by kind and name."""

    resources: ResourceSet

    @cached_property
    def _unplaced(self) -> dict[tuple[str, str, str], tuple[Resource, ...]]:
        found: dict[tuple[str, str, str], list[Resource]] = {}
        for resource in self.resources.resources:
            if resource.namespace and not resource.names_namespace:
                found.setdefault((resource.group, resource.kind, resource.name), []).append(resource)
        return {name: tuple(resources) for name, resources in found.items()}

    def may_hold(self, kinds: Iterable[Kind], name: str, *, qualified: bool) -> bool:
        """Whether an object of that name may be brought to the namespace that a reference means.

        A reference that spells its namespace out (`qualified`) says that things are placed there; otherwise
        only a kustomization above the object makes that likely.
        """
        unplaced = (one for kind in kinds for one in self._unplaced.get((*kind, name), ()))
        return any(qualified or self._is_kustomized(one) for one in unplaced)

    def _is_kustomized(self, resource: Resource) -> bool:
        directories = PurePosixPath(resource.document.file).parents
        return any(str(directory) in self.resources.kustomized for directory in directories)


def are_neighbours(file: str, other: str) -> bool:
    """Whether one of two files lies in the directory of the other, or below it."""
    mine, theirs = PurePosixPath(file).parent, PurePosixPath(other).parent
    return mine.is_relative_to(theirs) or theirs.is_relative_to(mine)
