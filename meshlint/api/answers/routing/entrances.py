"""Where a request comes into the mesh."""

from __future__ import annotations

from meshlint.api.answers.senders import Named
from meshlint.engine.finding import Location
from meshlint.matching import host_covers, host_specificity
from meshlint.mesh import Mesh
from meshlint.mesh.routing.gateways import gateway_name
from meshlint.reports.route.answer import Entrance
from meshlint.resources.gateway_api.gateway import Gateway as KubernetesGateway
from meshlint.traffic.request import Request
from meshlint.traffic.tables.istio.listeners import Listener, listeners


def entrance(mesh: Mesh, named: Named, request: Request) -> Entrance | None:
    """The server or listener of a gateway that takes a request; None for sidecars, or if none does.

    Encrypted connections are told apart by their server name.
    """
    host = request.server_name if request.is_encrypted else request.named_host.lower().rstrip(".")
    for name in sorted(named.client.gateways):
        kubernetes = mesh.gateways.kubernetes_named(gateway_name(name, named.client.namespace))
        if kubernetes is not None:
            return _listener(kubernetes, host, request.port)
    found = [
        (host_specificity(pattern), number, listener)
        for number, listener in enumerate(listeners(mesh, named.client, request.port))
        for pattern in listener.hosts
        if host_covers(pattern, host) and listener.is_encrypted == request.is_encrypted
    ]
    return _server(min(found, key=lambda one: one[:2])[2]) if found else None


def _server(listener: Listener) -> Entrance:
    server = listener.server
    tls = f", TLS {server.tls.mode}" if server.tls is not None and server.tls.mode else ""
    text = f"port {server.port.number}, {server.port.protocol}{tls}"
    place = Location(server.field.file(), server.field.span())
    return Entrance(str(listener.gateway.resource), text, place)


def _listener(gateway: KubernetesGateway, host: str, port: int) -> Entrance | None:
    found = [
        one
        for one in gateway.listeners
        if one.port == port and host_covers((one.hostname or "*").lower(), host)
    ]
    if not found:
        return None
    one = min(found, key=lambda each: host_specificity((each.hostname or "*").lower()))
    tls = f", TLS {one.tls.mode}" if one.tls is not None else ""
    place = Location(one.field.file(), one.field.span())
    text = f"listener {one.name or ''}, port {one.port}, {one.protocol}{tls}"
    return Entrance(str(gateway.resource), text, place)
