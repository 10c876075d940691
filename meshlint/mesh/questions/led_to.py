"""Which VirtualServices lead to a host."""

from __future__ import annotations

from collections.abc import Mapping

from meshlint.mesh.mesh import Mesh
from meshlint.mesh.remembered import remembered
from meshlint.resources.istio.virtual_service import VirtualService


def leading_to(mesh: Mesh, host: str) -> tuple[VirtualService, ...]:
    """The VirtualServices of which some route has a host, by its full name, as a destination."""
    return _by_destination(mesh).get(host, ())


@remembered
def _by_destination(mesh: Mesh) -> Mapping[str, tuple[VirtualService, ...]]:
    found: dict[str, list[VirtualService]] = {}
    for one in mesh.virtual_services:
        routes = [route.route for route in one.http]
        routes += [route.route for route in (*one.tls, *one.tcp)]
        named = (entry.destination.host for entries in routes for entry in entries)
        for host in dict.fromkeys(mesh.hosts.expand(name, one.resource.namespace) for name in named if name):
            found.setdefault(host, []).append(one)
    return {host: tuple(those) for host, those in found.items()}
