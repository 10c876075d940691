"""EnvoyFilters that do not do what they look like."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.shared.wording import listed
from meshlint.checks.world import World
from meshlint.mesh.questions.envoy_patches import (
    envoy_filters,
    is_passed_over,
    loose_anchors,
    names_no_filter,
    operations,
)

Parameters = Mapping[str, Any]


def without_effect(world: World, _: Parameters) -> Iterator[Hit]:
    """A patch with an operation that is not carried out on what it applies to."""
    for owner in envoy_filters(world.mesh):
        for patch in owner.config_patches:
            if is_passed_over(patch):
                yield Hit(
                    patch.operation.field,
                    f"{owner} applies {patch.operation} to {patch.apply_to}, which Istio passes over",
                    resource=owner.resource,
                    hint=f"There it knows {listed(operations(patch), most=6)}.",
                )
            elif names_no_filter(patch):
                yield Hit(
                    patch.operation.field,
                    f"{owner} applies {patch.operation} to no filter by name, so nothing comes of it",
                    resource=owner.resource,
                    hint="Name the filter under `match.listener`.",
                )


def order_undefined(world: World, _: Parameters) -> Iterator[Hit]:
    """A patch that goes by a filter which another EnvoyFilter, not ordered before it, puts there."""
    for loose in loose_anchors(world.mesh):
        yield Hit(
            loose.patch.operation.field,
            f"{loose.owner} goes by '{loose.name}', which {loose.other} adds, and nothing orders the two",
            resource=loose.owner.resource,
            hint="Give this one a higher `priority`: else the older of the two is applied first.",
            related=(Related(loose.adding.field, "the filter is added here"),),
            about=str(loose.other),
        )
