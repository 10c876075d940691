"""What a sidecar sees of the traffic to a port: requests, server names or bytes alone."""

from __future__ import annotations

from meshlint.mesh.hosts.protocols import HostPort, Protocol, declared_protocol, host_ports
from meshlint.mesh.hosts.registry import Host
from meshlint.mesh.questions.sidecar_scopes import SidecarScope
from meshlint.traffic.tables.entries import Layer


def open_port(host: Host, number: int) -> HostPort | None:
    """The port of that number."""
    return next((port for port in host_ports(host) if port.number == number), None)


def port_layer(protocol: Protocol, scheme: str) -> Layer | None:
    """Which section of VirtualServices a sidecar follows on a port; None for what is not proxied.

    The port's protocol decides, and on a port without one the first bytes do: encrypted ones, too, are then
    bytes (Istio: protocol selection, http, tls and tcp).
    """
    if protocol is Protocol.UDP:
        return None
    if protocol.is_http:
        return Layer.HTTP
    if protocol.is_tls:
        return Layer.TLS
    if protocol is Protocol.UNKNOWN and scheme == "http":
        return Layer.HTTP
    return Layer.TCP


def listening_protocol(scope: SidecarScope, port: HostPort) -> Protocol:
    """The protocol of a port as the client's proxy listens on it: a Sidecar's own listener comes first."""
    listener = scope.listener(port.number)
    if listener is None or listener.port is None or not listener.port.protocol:
        return port.protocol
    return declared_protocol(listener.port.protocol)
