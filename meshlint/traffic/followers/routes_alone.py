"""Gateways that send to Services without pods, which stand for routes that only sidecars follow."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.mesh import Found, Mesh
from meshlint.mesh.namespaces.placement import belong_together
from meshlint.resources.istio.virtual_service import MESH_GATEWAY, VirtualService
from meshlint.resources.kubernetes.service import Service
from meshlint.traffic.destinations.routed import RoutedTo, destinations
from meshlint.values import frozen

_ENDPOINTS = (("", "Endpoints"), ("discovery.k8s.io", "EndpointSlice"))
_OWNER = "kubernetes.io/service-name"


@frozen(eq=False, repr=False)
class RoutesAlone:
    """A destination of a gateway whose Service has no selector, and `routes` that lead sidecars elsewhere."""

    routed: RoutedTo
    service: Service
    routes: VirtualService


def routes_alone(mesh: Mesh) -> Iterator[RoutesAlone]:
    """Every such destination; a gateway takes the endpoints of a Service, and not its routes for the mesh
    (Istio: VirtualService, gateways).
    """
    if not any(one.bound_gateways for one in mesh.virtual_services):
        return
    elsewhere: dict[str, VirtualService] = {}
    routed = tuple(one for one in destinations(mesh) if not one.is_mirror)
    for one in routed:
        for host in mesh.virtual_services.hosts(one.virtual_service) if _is_for_mesh_alone(one) else ():
            if host != one.host:
                elsewhere.setdefault(host, one.virtual_service)
    for one in routed if elsewhere else ():
        routes = elsewhere.get(one.host)
        if routes is not None and one.virtual_service.bound_gateways:
            service = _without_endpoints(mesh, one)
            if service is not None and belong_together(routes.resource, one.virtual_service.resource):
                yield RoutesAlone(one, service, routes)


def _is_for_mesh_alone(routed: RoutedTo) -> bool:
    return routed.is_http and set(routed.virtual_service.gateways_or_mesh) == {MESH_GATEWAY}


def _without_endpoints(mesh: Mesh, routed: RoutedTo) -> Service | None:
    found = mesh.hosts.resolve(str(routed.destination.host), routed.virtual_service.resource.namespace)
    service = found.target.service if isinstance(found, Found) else None
    if service is None or service.selector is not None or service.is_external_name:
        return None
    written = (one for group, kind in _ENDPOINTS for one in mesh.resources.of(group, kind))
    own = (
        one
        for one in written
        if one.namespace == service.namespace and service.name in (one.name, str(one.labels.get(_OWNER)))
    )
    return service if next(own, None) is None else None
