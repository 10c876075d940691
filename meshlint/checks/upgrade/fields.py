"""Fields that will not be read for long."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit
from meshlint.checks.shared.violations import violation_hit
from meshlint.checks.world import World
from meshlint.mesh import Mesh
from meshlint.mesh.remembered import kept
from meshlint.resources import Resource
from meshlint.resources.schema.deprecations import deprecated_names, deprecating_kinds, deprecations
from meshlint.resources.schema.violation import Violation


def deprecated_field(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A field or a value is going away."""
    for kind in deprecating_kinds():
        for resource in world.mesh.picked(world.resources.of(*kind), _may_be):
            for violation in _deprecated(world.mesh, resource):
                yield violation_hit(resource, violation)


def _may_be(resource: Resource) -> bool:
    return resource.document.may_say(*deprecated_names(resource.group, resource.kind))


@kept
def _deprecated(_: Mesh, resource: Resource) -> tuple[Violation, ...]:
    return tuple(deprecations(resource.group, resource.kind, resource.field.value))
