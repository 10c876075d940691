"""How the kinds and versions of objects stand with the releases that serve them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from meshlint.admission.admission import Admission
from meshlint.admission.versions import Standing
from meshlint.resources import Resource, ResourceSet


class Versioned(Protocol):
    """The part of the world that these checks look at."""

    @property
    def resources(self) -> ResourceSet:
        """The objects, sorted by what they are called."""

    @property
    def admission(self) -> Admission:
        """What the cluster takes."""


def standings(world: Versioned) -> Iterator[tuple[Resource, Standing]]:
    """How each object's kind and version stand."""
    return ((one, world.admission.standings.of(one)) for one in world.resources.resources)


def joined(group: str, version: str) -> str:
    """A group and a version as `apiVersion` writes them."""
    return f"{group}/{version}" if group else version
