"""Tools that shift traffic from version to version, and the objects that they do it with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.world import World


def unmet(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A Rollout names a Service, a route or a subset that is not there."""
    from meshlint.mesh.questions.rollouts import unmet_needs

    for found in unmet_needs(world.mesh):
        other = found.other
        yield Hit(
            found.at,
            f"{found.rollout} names {found.what}, so the rollout does not begin",
            resource=found.rollout,
            hint=found.hint,
            related=() if other is None else (Related(other.at("metadata", "name"), f"{other}"),),
        )


def taken_over(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """An object is written that Flagger makes itself."""
    from meshlint.mesh.questions.rollouts import taken_over as taken

    for found in taken(world.mesh):
        yield Hit(
            found.written.at("metadata", "name"),
            f"{found.written} has the name of one that Flagger makes for {found.canary}, "
            "so it is written over",
            resource=found.written,
            hint="State its hosts, gateways and settings under `service` of the Canary, and remove it.",
            related=(Related(found.canary.at("metadata", "name"), "the Canary"),),
        )
