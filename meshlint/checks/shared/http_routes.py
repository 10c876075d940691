"""The HTTP routes of VirtualServices."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.checks.world import World
from meshlint.resources.istio.http_route import HttpRoute
from meshlint.resources.resource import Resource


def http_routes(world: World) -> Iterator[tuple[Resource, HttpRoute]]:
    """Every HTTP route of every VirtualService."""
    for virtual_service in world.mesh.virtual_services:
        for route in virtual_service.http:
            yield virtual_service.resource, route
