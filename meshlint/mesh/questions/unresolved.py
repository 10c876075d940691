"""References that leave the files, so that nothing can be said of what they lead to."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.mesh.mesh import Mesh
from meshlint.mesh.resolution import Unknown
from meshlint.resources.istio.virtual_service import MESH_GATEWAY

_NAMING = (("networking.istio.io", "VirtualService"), ("networking.istio.io", "DestinationRule"))


def unresolved(mesh: Mesh) -> int:
    """How many different hosts and gateways the routes and rules name that are not in the files."""
    return len(leaving(mesh))


def leaving(mesh: Mesh) -> frozenset[tuple[str, str]]:
    """What routes and rules name and the files do not hold: pairs of `host` or `gateway` and the name."""
    if not any(mesh.resources.of(*kind) for kind in _NAMING):
        return frozenset()
    return frozenset({*_hosts(mesh), *_gateways(mesh)})


def _hosts(mesh: Mesh) -> Iterator[tuple[str, str]]:
    for namespace, host in _named_hosts(mesh):
        if isinstance(mesh.hosts.resolve(host, namespace), Unknown) and not host.startswith("*"):
            yield "host", mesh.hosts.expand(host, namespace)


def _named_hosts(mesh: Mesh) -> Iterator[tuple[str, str]]:
    for virtual_service in mesh.virtual_services:
        routes = [route.route for route in virtual_service.http]
        routes += [route.route for route in (*virtual_service.tls, *virtual_service.tcp)]
        for entry in (entry for entries in routes for entry in entries):
            if entry.destination.host:
                yield virtual_service.resource.namespace, entry.destination.host
    for rule in mesh.destination_rules.all:
        if rule.host:
            yield rule.resource.namespace, rule.host


def _gateways(mesh: Mesh) -> Iterator[tuple[str, str]]:
    for virtual_service in mesh.virtual_services:
        namespace = virtual_service.resource.namespace
        for reference in virtual_service.gateways:
            found = mesh.gateways.resolve(reference, namespace)
            if reference != MESH_GATEWAY and isinstance(found, Unknown):
                yield "gateway", reference if "/" in reference else f"{namespace}/{reference}"
