"""Objects of Istio that are shown to namespaces which do not exist."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit
from meshlint.checks.world import World
from meshlint.mesh.questions.export_targets import lost_exports


def namespace_missing(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """An `exportTo` that names a namespace which does not exist."""
    for lost in lost_exports(world.mesh):
        effect = "nobody sees it" if lost.is_only else "that entry shows it to nobody"
        yield Hit(
            lost.entry.field,
            f"{lost.resource} is exported to '{lost.entry}', which does not exist, so {effect}",
            resource=lost.resource,
            hint=None if lost.meant is None else f"Did you mean '{lost.meant}'?",
        )
