"""Annotations and labels of the meshes that do not say what they are meant to say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from meshlint.checks.hit import Hit
from meshlint.checks.schema import hit
from meshlint.resources import Resource
from meshlint.resources.schema.violation import Reason, Violation


class Input(Protocol):
    """The part of the world that these checks look at."""

    @property
    def metadata_violations(self) -> tuple[tuple[Resource, Violation], ...]:
        """What is wrong with annotations and labels."""


def unknown_key(world: Input, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A key in a mesh's own domain that the mesh does not know."""
    return _for(world, Reason.UNKNOWN_KEY)


def misplaced_key(world: Input, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A key that is read from other kinds, or as an annotation where it stands as a label."""
    return _for(world, Reason.MISPLACED_KEY)


def bad_value(world: Input, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A key whose value the mesh does not understand."""
    return _for(world, Reason.BAD_VALUE)


def deprecated_key(world: Input, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A key that a release deprecated or removed."""
    return _for(world, Reason.DEPRECATED_KEY)


def _for(world: Input, reason: Reason) -> Iterator[Hit]:
    for resource, violation in world.metadata_violations:
        if violation.reason is reason:
            yield hit(resource, violation)
