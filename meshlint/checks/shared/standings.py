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


def standing(world: Versioned, how: type[Stands]) -> Iterator[tuple[Resource, Stands]]:
    """The objects of whose kind and version something is so, with what it is."""
    for alike in world.resources.versions:
        found = world.admission.standings.of(alike[0])
        if isinstance(found, how):
            yield from ((one, found) for one in alike)


def joined(group: str, version: str) -> str:
    """A group and a version as `apiVersion` writes them."""
    return f"{group}/{version}" if group else version
