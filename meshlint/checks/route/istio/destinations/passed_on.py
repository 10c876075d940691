"""Routes to hosts that nothing resolves, so that connections stay at the address that was called."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.world import World
from meshlint.traffic.followers.passed_on import PassedOn


def from_gateway(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A gateway sends to a host that has no address but the one that a client called."""
    for one in world.traffic.passed_on:
        if one.gateways:
            yield _hit(
                one,
                f"routes from a gateway to {one.routed.host!r}, which nothing resolves, "
                "so requests get status 503",
            )


def elsewhere(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """Sidecars are to send to another host or port, and connections stay where they were going."""
    for one in world.traffic.passed_on:
        if one.elsewhere:
            yield _hit(
                one,
                f"routes to {one.routed.host!r}, which nothing resolves, "
                "so connections go where they were going",
            )
        elif one.called:
            yield _hit(
                one,
                f"routes to port {one.routed.destination.port} of {one.routed.host!r}, which nothing "
                f"resolves, so connections stay at port {', '.join(map(str, one.called))}",
            )


def _hit(one: PassedOn, what: str) -> Hit:
    virtual_service, place, entry = one.routed.virtual_service, one.routed.destination, one.entry
    resolution = entry.field / "resolution"
    return Hit(
        place.field / "host",
        f"{virtual_service.resource} {what}",
        resource=virtual_service.resource,
        hint=f"Give {entry.resource} `resolution: DNS`, or endpoints with STATIC.",
        related=(Related(resolution or entry.field, "resolution is NONE", concerns=True),),
    )
