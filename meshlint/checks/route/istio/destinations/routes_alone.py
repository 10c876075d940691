"""Gateways that send to what only sidecars are led on from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.world import World


def followed_by_sidecars(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A gateway sends to a Service without endpoints, whose routes are for sidecars."""
    from meshlint.traffic.followers.routes_alone import routes_alone

    for one in routes_alone(world.mesh):
        resource, place = one.routed.virtual_service.resource, one.routed.destination
        if place.host is not None:
            yield Hit(
                place.host.field,
                f"{resource} routes from a gateway to {str(place.host)!r}, which has no pods of its own, "
                "so these requests get status 503",
                resource=resource,
                hint=f"Gateways do not follow {one.routes.resource}: bind it to the gateway too, or route to "
                "its destinations here.",
                related=(
                    Related(one.routes.resource.spec, "sidecars are led on by these routes", concerns=True),
                    Related(one.service.field / "metadata" / "name", "it selects no pods"),
                ),
            )
