"""Where a request comes into the mesh."""

from __future__ import annotations

from meshlint.api.senders import Named
from meshlint.engine.finding import Location
from meshlint.matching import host_covers, host_specificity
from meshlint.mesh import Mesh
from meshlint.mesh.gateways import gateway_name, server_host
from meshlint.reports.route_answer import Entrance
from meshlint.resources.gateway_api.gateway import Gateway as KubernetesGateway
from meshlint.traffic.gateway_tables import Listener, listeners


def entrance(mesh: Mesh, named: Named, host: str, port: int) -> Entrance | None:
    """The server or listener of a gateway that takes a host on a port; None for sidecars, or if none does."""
    for name in sorted(named.client.gateways):
        kubernetes = mesh.gateways.kubernetes_named(gateway_name(name, named.client.namespace))
        if kubernetes is not None:
            return _listener(kubernetes, host, port)
    found = [
        (host_specificity(pattern), number, listener)
        for number, listener in enumerate(listeners(mesh, named.client, port))
        for pattern in _hosts(listener)
        if host_covers(pattern, host)
    ]
    return _server(min(found, key=lambda one: one[:2])[2]) if found else None


def _hosts(listener: Listener) -> list[str]:
    namespace = listener.gateway.resource.namespace
    return [server_host(text, namespace).host for text in listener.server.hosts]


def _server(listener: Listener) -> Entrance:
    server = listener.server
    tls = f", TLS {server.tls.mode}" if server.tls is not None and server.tls.mode else ""
    text = f"port {server.port.number}, {server.port.protocol}{tls}"
    place = Location(server.field.document.file, server.field.span())
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
    place = Location(one.field.document.file, one.field.span())
    text = f"listener {one.name or ''}, port {one.port}, {one.protocol}{tls}"
    return Entrance(str(gateway.resource), text, place)
