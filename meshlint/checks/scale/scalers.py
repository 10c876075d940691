"""Autoscalers that scale nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit
from meshlint.checks.shared.wording import did_you_mean
from meshlint.checks.world import World
from meshlint.mesh.questions.scalers import aimless


def target_missing(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """An autoscaler names a workload that does not exist."""
    for scaler, kind, meant in aimless(world.mesh):
        namespace = scaler.resource.namespace
        yield Hit(
            scaler.named.field,
            f"{scaler.resource} scales {kind} {str(scaler.named)!r}, which {namespace!r} does not have, "
            "so nothing is scaled",
            resource=scaler.resource,
            hint=did_you_mean(meant).strip() or "Correct the name, or add the workload.",
            about=str(scaler.named),
        )
