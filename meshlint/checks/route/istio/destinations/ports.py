"""Ports of VirtualServices' destinations that lead nowhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit
from meshlint.checks.world import World
from meshlint.traffic.destinations.ports import FaultyPort, PortFault


def port_missing(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A destination names a port that its host does not have."""
    for faulty in world.traffic.ports_with(PortFault.NOT_OPEN):
        resource, place = faulty.routed.virtual_service.resource, faulty.routed.destination
        yield Hit(
            place.field / "port" / "number",
            f"{resource} routes to port {place.port} of {str(place.host)!r}, which has no such port, "
            "so these requests get status 503",
            resource=resource,
            hint=f"It has {_numbers(faulty)}.",
        )


def port_ambiguous(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A gateway's route names no port of a host with several."""
    for faulty in world.traffic.ports_with(PortFault.AMBIGUOUS):
        resource, place = faulty.routed.virtual_service.resource, faulty.routed.destination
        yield Hit(
            place.field / "host",
            f"{resource} names no port of {str(place.host)!r}, which has {len(faulty.ports)}, "
            "so the gateway takes its own port's number",
            resource=resource,
            hint=f"Write `port.number`: one of {_numbers(faulty)}.",
        )


def port_not_listened(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A mesh route names no port, and clients call on ports that the destination does not have."""
    for faulty in world.traffic.ports_with(PortFault.NOT_LISTENED):
        resource, place = faulty.routed.virtual_service.resource, faulty.routed.destination
        yield Hit(
            place.field / "host",
            f"{resource} names no port of {str(place.host)!r}, which lacks the one that clients call, "
            "so they get status 503",
            resource=resource,
            hint=f"Write `port.number: {_numbers(faulty)}`; none of the route's own hosts has that port.",
        )


def _numbers(faulty: FaultyPort) -> str:
    return ", ".join(str(port.number) for port in faulty.ports)
