"""The protocol that Istio takes a port to speak, from its name, its appProtocol or its declaration."""

from __future__ import annotations

from enum import Enum

from meshlint.documents import Field
from meshlint.mesh.hosts.registry import Host
from meshlint.resources.kubernetes.service import ServicePort
from meshlint.values import frozen


class Protocol(Enum):
    """What a port speaks; UNKNOWN is found out from each connection's first bytes."""

    HTTP = "http"
    HTTP2 = "http2"
    HTTP_PROXY = "http_proxy"
    GRPC = "grpc"
    GRPC_WEB = "grpc-web"
    HTTPS = "https"
    TLS = "tls"
    TCP = "tcp"
    MONGO = "mongo"
    MYSQL = "mysql"
    REDIS = "redis"
    UDP = "udp"
    UNKNOWN = "unknown"

    @property
    def is_http(self) -> bool:
        """Whether requests are seen, so that HTTP routes work."""
        return self in _HTTP

    @property
    def is_tls(self) -> bool:
        """Whether only the server name of encrypted connections is seen, so that TLS routes work."""
        return self in (Protocol.HTTPS, Protocol.TLS)

    @property
    def may_be_http(self) -> bool:
        """Whether HTTP routes can take part: on HTTP ports and on those that are sniffed."""
        return self.is_http or self is Protocol.UNKNOWN

    @property
    def layer(self) -> str | None:
        """What a proxy sees of a connection: requests, TLS or bytes; None where it finds out, or of UDP."""
        if self in (Protocol.UNKNOWN, Protocol.UDP):
            return None
        return "requests" if self.is_http else "TLS" if self.is_tls else "bytes"


_HTTP = frozenset({Protocol.HTTP, Protocol.HTTP2, Protocol.HTTP_PROXY, Protocol.GRPC, Protocol.GRPC_WEB})
_BY_NAME = {protocol.value: protocol for protocol in Protocol if protocol is not Protocol.UNKNOWN}
_BY_APP_PROTOCOL = {
    "kubernetes.io/h2c": Protocol.HTTP2,
    "kubernetes.io/ws": Protocol.HTTP,
    "kubernetes.io/wss": Protocol.HTTPS,
}
_USUALLY_TCP = frozenset({25, 53, 3306, 27017})


@frozen(eq=False, repr=False)
class HostPort:
    """A port of a host of the registry."""

    field: Field
    number: int
    name: str
    protocol: Protocol


def named_protocol(name: str) -> Protocol:
    """The protocol that a port name or an appProtocol stands for: the text before its first hyphen.

    Case does not matter (Istio: protocol selection).
    """
    text = name.lower()
    if text == "grpc-web" or text.startswith("grpc-web-"):
        return Protocol.GRPC_WEB
    return _BY_NAME.get(text.partition("-")[0], Protocol.UNKNOWN)


def service_port_protocol(port: ServicePort) -> Protocol:
    """The protocol of a port of a Kubernetes Service; its appProtocol takes the place of its name."""
    if port.protocol.upper() != "TCP":
        return Protocol.UDP
    if port.app_protocol:
        known = _BY_APP_PROTOCOL.get(port.app_protocol.lower())
        found = known or named_protocol(port.app_protocol)
    else:
        found = named_protocol(port.name or "")
    if found is Protocol.UNKNOWN and port.port in _USUALLY_TCP:
        return Protocol.TCP
    return found


def overridden_protocol(port: ServicePort) -> Protocol | None:
    """The protocol that a port's name stands for, if its appProtocol makes proxies see something else."""
    said = named_protocol(port.name or "")
    if not port.app_protocol or said.layer is None or said.layer == service_port_protocol(port).layer:
        return None
    return said if service_port_protocol(port).layer is not None else None


def nearly_named_protocol(port: ServicePort) -> Protocol | None:
    """The protocol that a port's name begins with but does not stand for, for want of a hyphen."""
    if service_port_protocol(port) is not Protocol.UNKNOWN or port.app_protocol:
        return None
    word = (port.name or "").lower().partition("-")[0]
    begun = [known for known in _BY_NAME if word.startswith(known)]
    return _BY_NAME[max(begun, key=len)] if begun else None


def declared_protocol(text: str | None) -> Protocol:
    """The protocol that a Gateway server or a ServiceEntry port declares; case does not matter."""
    return _BY_NAME.get((text or "").lower(), Protocol.UNKNOWN)


def host_ports(host: Host) -> tuple[HostPort, ...]:
    """The ports of a host, once each: those of its Service, else those of its ServiceEntries.

    Of two with one number the first counts, and UDP only without any other, as proxies leave it alone.
    """
    if host.service is not None:
        found = [
            HostPort(port.field, port.port, str(port.name or ""), service_port_protocol(port))
            for port in host.service.ports
            if port.port is not None
        ]
    else:
        found = [
            HostPort(port.field, port.number, str(port.name or ""), declared_protocol(port.protocol))
            for entry in host.entries
            for port in entry.ports
            if port.number is not None
        ]
    once: dict[int, HostPort] = {}
    for one in found:
        held = once.setdefault(one.number, one)
        if held.protocol is Protocol.UDP and one.protocol is not Protocol.UDP:
            once[one.number] = one
    return tuple(once.values())
