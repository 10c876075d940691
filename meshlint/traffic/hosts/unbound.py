"""Hosts of VirtualServices that sidecars cannot tie to any service."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.documents import Text
from meshlint.mesh import Mesh, Missing
from meshlint.mesh.hosts.full_view import looks_like_slip
from meshlint.mesh.names.expansion import partly_qualified, service_name
from meshlint.resources.istio.virtual_service import MESH_GATEWAY, VirtualService
from meshlint.values import frozen


@frozen(eq=False, repr=False)
class IdleHost:
    """A host that is no service's; `full` is what the author meant where Istio does not expand the name."""

    virtual_service: VirtualService
    host: Text
    missing: Missing
    full: str | None


def idle_hosts(mesh: Mesh) -> Iterator[IdleHost]:
    """Every host that no service has, of VirtualServices that sidecars alone follow.

    One that the routes lead to as well stands for a service out of view, and so may any other that is not
    nearly called like a service in view.
    """
    for virtual_service in mesh.virtual_services:
        if set(virtual_service.gateways_or_mesh) != {MESH_GATEWAY}:
            continue
        namespace = virtual_service.resource.namespace
        routed = {mesh.hosts.expand(host, namespace) for host in _destinations(virtual_service)}
        for host in virtual_service.hosts:
            found = mesh.hosts.resolve(host, namespace)
            full = mesh.hosts.expand(host, namespace)
            meant = partly_qualified(host, mesh.settings.cluster_domain)
            if isinstance(found, Missing) and full not in routed and (meant or _is_certain(mesh, full)):
                name = meant.host(mesh.settings.cluster_domain) if meant else None
                yield IdleHost(virtual_service, host, found, name)


def _is_certain(mesh: Mesh, host: str) -> bool:
    named = service_name(host, mesh.settings.cluster_domain)
    slip = named is not None and looks_like_slip(named.name, mesh.services.names_in(named.namespace))
    return mesh.settings.complete or slip


def _destinations(virtual_service: VirtualService) -> Iterator[str]:
    for route in virtual_service.routes:
        yield from (str(entry.destination.host or "") for entry in route.route)
