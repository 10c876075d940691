"""Annotations and labels that will not be read for long."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit
from meshlint.checks.shared.violations import Annotated, metadata_hits
from meshlint.resources.schema.violation import Reason


def deprecated_key(world: Annotated, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A key that a release deprecated or removed."""
    return metadata_hits(world, Reason.DEPRECATED_KEY)
