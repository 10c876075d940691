"""Fields that will not be read for long."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit
from meshlint.checks.shared.violations import Violated, violation_hit
from meshlint.resources.schema.deprecations import deprecations


def deprecated_field(world: Violated, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A field or a value is going away."""
    for resource in world.resources.resources:
        for violation in deprecations(resource.group, resource.kind, resource.field.value):
            yield violation_hit(resource, violation)
