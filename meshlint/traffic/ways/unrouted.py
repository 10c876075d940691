"""What becomes of traffic of which the client's proxy knows nothing."""

from __future__ import annotations

from fractions import Fraction

from meshlint.documents import Field
from meshlint.mesh import Mesh, Missing
from meshlint.mesh.hosts.protocols import Protocol, service_port_protocol
from meshlint.mesh.questions.sidecar_scopes import SidecarScope
from meshlint.mesh.settings.settings import OutboundPolicy
from meshlint.resources import Resource
from meshlint.resources.kubernetes.service import Service
from meshlint.traffic.conditions.istio import EVERYTHING
from meshlint.traffic.request import Request
from meshlint.traffic.tables.entries import CLOSED, Entry, Forward, Layer, RouteTable, Target
from meshlint.traffic.tables.istio.layers import open_port
from meshlint.traffic.tables.istio.outbound import listens_for_http
from meshlint.traffic.ways.hops import hops
from meshlint.traffic.ways.way import Way

BAD_GATEWAY = 502
_NOT_PROXIED = "not proxied"


def unrouted(mesh: Mesh, scope: SidecarScope, request: Request, host: str) -> Way:
    """What becomes of traffic of which the client's proxy knows nothing."""
    status, reason = _without_table(mesh, scope, request, host)
    proxy = scope.egress_proxy
    taken = None if scope.client.is_gateway else taking_alias(mesh, scope, request)
    if taken is not None and not isinstance(mesh.hosts.resolve(host, scope.client.namespace), Missing):
        service, place = taken
        target = Target(place, _name(mesh, service), Fraction(1), request.port, None)
        why = f"{service.resource} takes whatever nobody else is known to take on port {request.port}"
        return _passed_on(mesh, scope, request, host, (service.resource, target, (why,)))
    if status is None and scope.sidecar is not None and proxy is not None:
        full = mesh.hosts.expand(proxy.host or "", scope.sidecar.resource.namespace)
        target = Target(proxy.field, full, Fraction(1), proxy.port, proxy.subset)
        return _passed_on(mesh, scope, request, host, (scope.sidecar.resource, target, ()))
    layer = Layer.HTTP if request.scheme == "http" else Layer.TCP
    bare = (None, None, (), (), status, reason, scope.undecided, layer, scope.sidecar)
    return Way(request, scope.client, host, *bare)


def _passed_on(
    mesh: Mesh, scope: SidecarScope, request: Request, host: str, to: tuple[Resource, Target, tuple[str, ...]]
) -> Way:
    """Bytes that go to one place: the object that says so, the place, and what there is to say of it."""
    owner, target, notes = to
    action = Forward((target,))
    entry = Entry(owner, target.field, None, EVERYTHING, action)
    found = tuple(hops(mesh, scope.client, action, request.port, Layer.TCP))
    table = RouteTable(host, (entry,), (), CLOSED, Layer.TCP)
    undecided = (*scope.undecided, *notes)
    taken = (table, entry, (), found, None, "", undecided, Layer.TCP, scope.sidecar)
    return Way(request, scope.client, host, *taken)


def _name(mesh: Mesh, service: Service) -> str:
    return mesh.hosts.service_name(service).host(mesh.settings.cluster_domain)


def _without_table(mesh: Mesh, scope: SidecarScope, request: Request, host: str) -> tuple[int | None, str]:
    if scope.client.is_gateway:
        closed = request.scheme != "http"
        return CLOSED if closed else 404, "no server of the gateway takes the host on this port"
    unknown = _why_unknown(mesh, scope, request, host)
    if unknown == _NOT_PROXIED:
        return None, "the port is not one of TCP, so the mesh leaves it alone"
    if scope.outbound_policy is OutboundPolicy.REGISTRY_ONLY:
        answered = request.scheme == "http" and listens_for_http(scope, request.port) is not False
        return BAD_GATEWAY if answered else CLOSED, f"{unknown}, and only known ones may be called"
    return None, f"{unknown}, so the connection passes through as it is"


def _why_unknown(mesh: Mesh, scope: SidecarScope, request: Request, host: str) -> str:
    """Why a proxy knows no host of that name on that port."""
    name = mesh.hosts.alias(host) or host
    seen = mesh.hosts.seen_from(name, scope.client.namespace)
    if seen is None:
        hidden = mesh.hosts.known(host) is not None and name == host
        return "the host is not exported to the client" if hidden else "the mesh does not know the host"
    if scope.sidecar is not None and not scope.imports_host(seen, request.port):
        return f"{scope.sidecar.resource} does not let the host in"
    opened = open_port(seen, request.port)
    if opened is not None and opened.protocol is Protocol.UDP:
        return _NOT_PROXIED
    if opened is not None:
        return f"port {request.port} of the host is for {opened.protocol.value}"
    return f"the host has no port {request.port}"


def taking_alias(mesh: Mesh, scope: SidecarScope, request: Request) -> tuple[Service, Field] | None:
    """The alias for a name outside that takes all connections of a port which nothing else is known to take.

    A port of one that is not known to speak HTTP or TLS is opened for every address, and what is no request
    goes to its target (istiod: outbound listeners of services without an address).
    """
    for service in mesh.services.all:
        for port in service.ports if service.is_external_name else ():
            opaque = service_port_protocol(port) in (Protocol.TCP, Protocol.UNKNOWN)
            sniffed = service_port_protocol(port) is Protocol.UNKNOWN and request.scheme == "http"
            if port.port != request.port or not opaque or sniffed:
                continue
            name = _name(mesh, service)
            seen = mesh.hosts.visibility_of_service(service).includes(scope.client.namespace)
            if seen and scope.imports_name(name, service.namespace, request.port):
                return service, port.field
    return None
