"""Annotations and labels of the meshes that do not say what they are meant to say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit
from meshlint.checks.shared.violations import Annotated, metadata_hits
from meshlint.resources.schema.violation import Reason


def unknown_key(world: Annotated, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A key in a mesh's own domain that the mesh does not know."""
    return metadata_hits(world, Reason.UNKNOWN_KEY)


def misplaced_key(world: Annotated, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A key that is read from other kinds, or as an annotation where it stands as a label."""
    return metadata_hits(world, Reason.MISPLACED_KEY)


def bad_value(world: Annotated, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A key whose value the mesh does not understand."""
    return metadata_hits(world, Reason.BAD_VALUE)
