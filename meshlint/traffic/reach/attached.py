"""Which routes Istio merges into one list: those of a listener, or of a Service, for one host."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.mesh import Mesh
from meshlint.mesh.namespaces.placement import belong_together
from meshlint.mesh.remembered import remembered
from meshlint.resources.gateway_api.gateway import Gateway
from meshlint.resources.gateway_api.reference import GROUP, ParentRef
from meshlint.resources.gateway_api.route import AnyRoute
from meshlint.resources.resource import Resource
from meshlint.traffic.status.statuses import Statuses
from meshlint.traffic.tables.entries import Layer
from meshlint.traffic.tables.gateway_api.routes import LAYER_KINDS
from meshlint.values import frozen

_EVERY_HOST = "*"
_KINDS = LAYER_KINDS[Layer.HTTP]
Group = tuple[str, str, str | None, int | None, str]


@frozen(eq=False, repr=False)
class Merged:
    """Routes whose rules make one list for a host, at a Gateway or for the clients of a Service.

    `place` is what that Gateway or Service is called, whichever of its listeners or ports they name.
    """

    place: str
    host: str
    routes: tuple[AnyRoute, ...]
    at_gateway: bool


@remembered
def merged_routes(mesh: Mesh, statuses: Statuses) -> tuple[Merged, ...]:
    """The routes that Istio merges, by what they say of it themselves.

    At a Gateway they are those of one listener and host, in the mesh those of one namespace, Service and
    port (istiod: mergeHTTPRoutes).
    """
    outside = (
        Merged(f"{namespace}/{name}", host, tuple(routes), at_gateway=True)
        for (namespace, name, _, _, host), routes in _of_gateways(mesh, statuses).items()
    )
    inside = (
        Merged(clients, service, tuple(routes), at_gateway=False)
        for (clients, service, _, _, _), routes in _of_services(mesh, statuses).items()
    )
    return (*outside, *inside)


def go_together(one: Resource, other: Resource) -> bool:
    """Whether two routes are in one cluster: not as two versions that are written of one, or apart."""
    return one is other or (one.id != other.id and belong_together(one, other))


def at_gateways(mesh: Mesh, statuses: Statuses) -> Iterator[tuple[AnyRoute, Gateway, ParentRef]]:
    """Routes of requests at Gateways of class `istio` that may take them, with the reference that says so."""
    gateways = {(one.namespace, one.name): one for one in mesh.kubernetes_gateways}
    for route in mesh.routes:
        for parent in route.parent_refs if route.kind in _KINDS else ():
            gateway = gateways.get((str(parent.namespace), str(parent.name)))
            if parent.kind == "Gateway" and gateway is not None and gateway.gateway_class_name == "istio":
                status = statuses.at_parent(route, parent)
                if status is None or status.taking is None or status.taking.taken is not False:
                    yield route, gateway, parent


def at_services(mesh: Mesh, statuses: Statuses) -> Iterator[tuple[AnyRoute, ParentRef]]:
    """Routes of requests to Services, where Istio alone looks at them."""
    if not statuses.meshes.istio or statuses.meshes.linkerd:
        return
    for route in mesh.routes:
        for parent in route.parent_refs if route.kind in _KINDS and route.resource.group == GROUP else ():
            if parent.is_a("", "Service"):
                yield route, parent


@frozen(eq=False, repr=False)
class Unmerged:
    """Two routes for one port of a Service, of which one names the port and the other none."""

    route: AnyRoute
    parent: ParentRef
    other: AnyRoute
    other_parent: ParentRef


def unmerged_routes(mesh: Mesh, statuses: Statuses) -> Iterator[Unmerged]:
    """Routes that name a port of a Service beside others for all ports of it, once for each route.

    Those make two lists for the host, of which clients follow the one with the older route (istiod: route
    keys of the mesh).
    """
    held: dict[tuple[str, str, str], list[tuple[AnyRoute, ParentRef]]] = {}
    for route, parent in at_services(mesh, statuses):
        key = (route.namespace, str(parent.namespace), str(parent.name))
        held.setdefault(key, []).append((route, parent))
    for found in held.values():
        everywhere = [one for one in found if one[1].port is None]
        for route, parent in found:
            others = (one for one in everywhere if one[0] is not route)
            rivals = (one for one in others if go_together(one[0].resource, route.resource))
            other = next(rivals, None) if parent.port is not None else None
            if other is not None:
                yield Unmerged(route, parent, *other)


def _of_gateways(mesh: Mesh, statuses: Statuses) -> dict[Group, list[AnyRoute]]:
    found: dict[Group, list[AnyRoute]] = {}
    for route, gateway, parent in at_gateways(mesh, statuses):
        for host in dict.fromkeys(name.lower() for name in route.hostnames or (_EVERY_HOST,)):
            section = None if parent.section_name is None else str(parent.section_name)
            _add(found, (gateway.namespace, gateway.name, section, parent.port, host), route)
    return found


def _of_services(mesh: Mesh, statuses: Statuses) -> dict[Group, list[AnyRoute]]:
    found: dict[Group, list[AnyRoute]] = {}
    for route, parent in at_services(mesh, statuses):
        key = (route.namespace, f"{parent.name}.{parent.namespace}", None, parent.port, "")
        _add(found, key, route)
    return found


def _add(found: dict[Group, list[AnyRoute]], key: Group, route: AnyRoute) -> None:
    held = found.setdefault(key, [])
    if all(one is not route for one in held):
        held.append(route)
