"""The route table that Linkerd's proxy has for a service and port."""

from __future__ import annotations

from fractions import Fraction

from meshlint.mesh import Mesh
from meshlint.mesh.names.expansion import ServiceName
from meshlint.resources.kubernetes.service import Service
from meshlint.resources.resource import Resource
from meshlint.security.linkerd.opaque_ports import service_list
from meshlint.security.linkerd.ports import port_list
from meshlint.traffic.conditions.condition import Condition
from meshlint.traffic.request import Request
from meshlint.traffic.tables.entries import CLOSED, Entry, Forward, Layer, RouteTable, Target
from meshlint.traffic.tables.linkerd.actions import Rules
from meshlint.traffic.tables.linkerd.parents import KINDS, ClientProtocol, Parent, PortRoutes, port_routes
from meshlint.traffic.tables.linkerd.ranking import Ranking, ranking
from meshlint.traffic.tables.linkerd.refusals import oldest, refusal
from meshlint.values import evolve

_NOT_FOUND = 404


def linkerd_table(
    mesh: Mesh, client_namespace: str, service: ServiceName, port: int, request: Request | None = None
) -> RouteTable | None:
    """What a client's proxy does with traffic for a service; None if the service is not in view.

    A port that the service does not have is forbidden. Routes of the service's namespace are for every
    client, those of another one for its own clients only; without any, requests go to the service itself, and
    with some, what none takes gets 404. Where the proxy finds out the protocol, what is no HTTP goes past the
    routes for requests (Linkerd: outbound). Without a `request` the table is that of requests.
    """
    found = mesh.services.get(service)
    if found is None:
        return None
    host = service.host(mesh.settings.cluster_domain)
    if all(one.port != port for one in found.ports):
        reason = f"the service has no port {port}, so Linkerd forbids the connection"
        return RouteTable(host, (), (), CLOSED, Layer.TCP, refusal=reason)
    parent = Parent(found.resource, port)
    told = protocol_of(mesh, found, port)
    held = PortRoutes(told)
    if not (found.is_headless or found.is_external_name):
        held = port_routes(mesh, parent, kinds_for(mesh, found, port), told, client_namespace)
    return _table(mesh, held, found, host, port, request)


def _table(
    mesh: Mesh, held: PortRoutes, service: Service, host: str, port: int, request: Request | None
) -> RouteTable:
    layer = layer_of(held.protocol, request)
    refused = refusal(held, request)
    if refused is not None:
        return evolve(refused, host=host)
    if not held.routes or (layer is Layer.TCP and held.protocol is not ClientProtocol.OPAQUE):
        return RouteTable(host, (_itself(service, host, port),), layer=layer, parent=service.resource)
    rules = Rules(mesh, Parent(service.resource, port), host, request)
    authority = host if request is None else request.named_host
    ranked = ranking(oldest(held), authority, rules.action)
    return ranked_table(host, ranked, layer, service.resource)


def ranked_table(host: str, ranked: Ranking, layer: Layer, parent: Resource) -> RouteTable:
    """The table of ranked entries of routes that are attached to `parent`."""
    unmatched = _NOT_FOUND if layer is Layer.HTTP else CLOSED
    return RouteTable(host, ranked.entries, (), unmatched, layer, ranked.rank, parent=parent)


def layer_of(protocol: ClientProtocol, request: Request | None) -> Layer:
    """What the proxy sees of a connection at a port."""
    if protocol is ClientProtocol.TLS:
        return Layer.TLS
    plain = request is None or request.scheme == "http"
    return Layer.HTTP if protocol.carries_requests and plain else Layer.TCP


def kinds_for(mesh: Mesh, service: Service, number: int) -> tuple[str, ...]:
    """The kinds of routes that a port's protocol admits, the first one with any route counts."""
    protocol = protocol_of(mesh, service, number)
    return {
        ClientProtocol.HTTP1: ("HTTPRoute",),
        ClientProtocol.HTTP2: ("GRPCRoute", "HTTPRoute"),
        ClientProtocol.OPAQUE: ("TCPRoute",),
    }.get(protocol, KINDS)


def protocol_of(mesh: Mesh, service: Service, number: int) -> ClientProtocol:
    """What a port is taken for without routes.

    `http` is HTTP/1 alone, `kubernetes.io/h2c` HTTP/2, and every other appProtocol opaque; without one the
    list of opaque ports decides, and all else is detected (Linkerd: protocol of a Service port).
    """
    port = service.port(number)
    protocol = (port.app_protocol or "").lower() if port is not None else ""
    if protocol == "http":
        return ClientProtocol.HTTP1
    if protocol == "kubernetes.io/h2c":
        return ClientProtocol.HTTP2
    if protocol or _is_opaque(mesh, service, number):
        return ClientProtocol.OPAQUE
    return ClientProtocol.DETECT


def _is_opaque(mesh: Mesh, service: Service, number: int) -> bool:
    """Whether a list of opaque ports holds the port: the Service's, else its namespace's, else the mesh's."""
    listed = service_list(mesh, service)
    text = mesh.settings.linkerd.opaque_ports if listed is None else listed
    return port_list(text).ports.admits(number)


def _itself(service: Service, host: str, port: int) -> Entry:
    target = Target(service.resource.spec, host, Fraction(1), port)
    whole = Condition(is_catch_all=True)
    return Entry(service.resource, service.resource.spec, None, whole, Forward((target,)))
