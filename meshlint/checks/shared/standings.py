"""How the kinds and versions of objects stand with the releases that serve them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol, TypeVar

from meshlint.admission.admission import Admission
from meshlint.admission.versions import Standing
from meshlint.resources import Resource, ResourceSet

Stands = TypeVar("Stands", bound=Standing)


class Versioned(Protocol):
    """The part of the world that these checks look at."""

    @property
    def resources(self) -> ResourceSet:
        """The objects, sorted by what they are called."""

    @property
    def admission(self) -> Admission:
        """What the cluster takes."""


def standings(world: Versioned, wanted: type[Stands]) -> Iterator[tuple[Resource, Stands]]:
    """The objects whose kind and version stand in one way: each version of a kind is looked at once."""
    for kind in world.resources.kinds:
        held = world.resources.of(*kind)
        first = {one.version: one for one in reversed(held)}
        found = {version: world.admission.standings.of(one) for version, one in first.items()}
        if any(isinstance(one, wanted) for one in found.values()):
            for resource in held:
                standing = found[resource.version]
                if isinstance(standing, wanted):
                    yield resource, standing


def joined(group: str, version: str) -> str:
    """A group and a version as `apiVersion` writes them."""
    return f"{group}/{version}" if group else version
