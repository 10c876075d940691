"""References that leave the files, so that nothing can be said of what they lead to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from meshlint.mesh.mesh import Mesh
from meshlint.mesh.namespaces.namespaces import KUBERNETES_GATEWAYS
from meshlint.mesh.resolution import Unknown
from meshlint.resources.istio.virtual_service import MESH_GATEWAY

if TYPE_CHECKING:
    from meshlint.resources.gateway_api.reference import Reference
    from meshlint.resources.gateway_api.route import AnyRoute

_GATEWAY_API = "gateway.networking.k8s.io"
_NAMING = (("networking.istio.io", "VirtualService"), ("networking.istio.io", "DestinationRule"))


def unresolved(mesh: Mesh) -> int:
    """How many different hosts and gateways the routes and rules name that are not in the files."""
    return len(leaving(mesh))


def leaving(mesh: Mesh) -> frozenset[tuple[str, str]]:
    """What routes and rules name and the files do not hold: pairs of `host` or `gateway` and the name."""
    found: set[tuple[str, str]] = set()
    if any(mesh.resources.of(*kind) for kind in _NAMING):
        found |= {*_hosts(mesh), *_gateways(mesh)}
    for route in mesh.routes:
        found.update(_of_route(mesh, route))
    return frozenset(found)


def _of_route(mesh: Mesh, route: AnyRoute) -> Iterator[tuple[str, str]]:
    """The Gateways and Services that a route of the Gateway API names and that may be elsewhere."""
    backends = (backend for rule in route.rules for backend in rule.backend_refs)
    for named in (*route.parent_refs, *backends):
        if named.name and named.is_a("", "Service"):
            host = f"{named.name}.{named.namespace}.svc.{mesh.settings.cluster_domain}"
            if isinstance(mesh.hosts.resolve(host, str(named.namespace)), Unknown):
                yield "host", host
        elif named.name and named.is_a(_GATEWAY_API, "Gateway") and not _is_there(mesh, named):
            yield "gateway", f"{named.namespace}/{named.name}"


def _is_there(mesh: Mesh, named: Reference) -> bool:
    """Whether a Gateway is in the files, or its namespace is in full view without it."""
    if any((one.namespace, one.name) == (named.namespace, named.name) for one in mesh.kubernetes_gateways):
        return True
    return mesh.namespaces.shows(str(named.namespace), KUBERNETES_GATEWAYS, named.field)


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
