"""Answers to browsers that ask before they call."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.world import World


def preflight_untaken(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A route has a CORS policy, and its matches keep out every preflight."""
    from meshlint.traffic.reach.preflights import untaken

    for found in untaken(world.mesh):
        yield Hit(
            found.policy,
            f"{found.owner} answers preflights on a route that none takes: {found.obstacle}, "
            "so browsers get status 404",
            resource=found.owner,
            on_key=True,
            hint="Match by the path, or add a route for preflights with the same CORS policy.",
            related=(Related(found.at, "this keeps them out"),),
        )
