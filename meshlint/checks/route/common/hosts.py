"""Hosts that routes of two kinds claim."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.world import World


def mixed_routes(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A Service has both a route of the Gateway API and a VirtualService."""
    from meshlint.traffic.followers.mixed_routes import mixed_routes as mixed

    for one in mixed(world.mesh):
        other = one.virtual_service.resource
        yield Hit(
            one.parent.field / "name",
            f"{one.route.resource} and VirtualService {other.namespace}/{other.name} are for one service, "
            "so sidecars follow only the older",
            resource=one.route.resource,
            hint="Keep one of the two.",
            related=(Related(one.virtual_service.field / "hosts", "claimed here too"),),
            about=str(other),
        )
