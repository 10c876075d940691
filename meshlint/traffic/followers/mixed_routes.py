"""Services that both a VirtualService and a route of the Gateway API are for."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.mesh import Mesh
from meshlint.mesh.names.expansion import ServiceName
from meshlint.mesh.namespaces.placement import belong_together
from meshlint.resources.gateway_api.reference import GROUP, ParentRef
from meshlint.resources.gateway_api.route import AnyRoute
from meshlint.resources.istio.virtual_service import VirtualService
from meshlint.values import frozen

_REQUESTS = frozenset({"HTTPRoute", "GRPCRoute"})


@frozen(eq=False, repr=False)
class MixedRoutes:
    """A route for a Service and a VirtualService for the same host, of which sidecars follow one."""

    route: AnyRoute
    parent: ParentRef
    virtual_service: VirtualService


def mixed_routes(mesh: Mesh) -> Iterator[MixedRoutes]:
    """Every route beside its Service with a VirtualService for all clients of that host.

    Istio makes a VirtualService of the route, and of two for one host sidecars follow only the older. A route
    in the clients' own namespace comes first and is left alone; so is a service with a waypoint, which joins
    the two (Istio: routes of Services).
    """
    for route in mesh.routes if mesh.virtual_services.all else ():
        for parent in route.parent_refs:
            if _is_producer(route, parent):
                name = ServiceName(str(parent.namespace), str(parent.name))
                for virtual_service in _for_all_sidecars(mesh, name):
                    if belong_together(route.resource, virtual_service.resource):
                        yield MixedRoutes(route, parent, virtual_service)


def _is_producer(route: AnyRoute, parent: ParentRef) -> bool:
    of_istio = route.resource.group == GROUP and route.kind in _REQUESTS
    of_service = bool(parent.name) and parent.is_a("", "Service")
    return of_istio and of_service and parent.namespace == route.namespace


def _for_all_sidecars(mesh: Mesh, name: ServiceName) -> Iterator[VirtualService]:
    host, service = name.host(mesh.settings.cluster_domain), mesh.services.get(name)
    if service is not None and mesh.waypoints.of_service(service).is_served:
        return
    for pattern, found in mesh.virtual_services.for_mesh.covering(host):
        if pattern == host:
            for one in found:
                if one.http and mesh.virtual_services.visibility(one).everywhere:
                    yield one
