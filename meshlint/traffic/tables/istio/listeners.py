"""The servers of Istio gateways on a port, and which of them takes a connection."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from meshlint.matching import host_covers, host_specificity, hosts_overlap
from meshlint.mesh import Mesh
from meshlint.mesh.hosts.protocols import declared_protocol
from meshlint.mesh.questions.serving import unserved, unserved_server
from meshlint.mesh.routing.gateways import GatewayName, server_host
from meshlint.resources.age import oldest_first
from meshlint.resources.istio.gateway import Gateway, Server
from meshlint.resources.istio.virtual_service import VirtualService
from meshlint.traffic.request import Client, Request
from meshlint.traffic.tables.entries import Layer
from meshlint.values import frozen

PASSTHROUGH = frozenset({"PASSTHROUGH", "AUTO_PASSTHROUGH"})


@frozen(eq=False, repr=False)
class Listener:
    """A server of one of the gateways that a client's pods serve."""

    gateway: Gateway
    server: Server

    @property
    def name(self) -> str:
        """`namespace/name` of the Gateway."""
        return f"{self.gateway.resource.namespace}/{self.gateway.resource.name}"

    @property
    def mode(self) -> str:
        """The TLS mode; empty where the server has no TLS."""
        return "" if self.server.tls is None else str(self.server.tls.mode)

    @property
    def is_encrypted(self) -> bool:
        """Whether clients speak TLS to it."""
        return declared_protocol(self.server.port.protocol).is_tls

    @property
    def layer(self) -> Layer:
        """What it sees: requests of HTTP and of HTTPS that is decrypted here, server names where TLS passes
        through, and bytes of all else (Istio: Gateway servers).
        """
        protocol = declared_protocol(self.server.port.protocol)
        if protocol.is_http:
            return Layer.HTTP
        if not protocol.is_tls:
            return Layer.TCP
        if self.server.tls is None or self.mode in PASSTHROUGH:
            return Layer.TLS
        return Layer.HTTP if protocol.value == "https" else Layer.TCP

    @property
    def redirects(self) -> bool:
        """Whether it sends all plain requests to HTTPS."""
        tls = self.server.tls
        plain = declared_protocol(self.server.port.protocol).is_http
        return plain and tls is not None and tls.https_redirect

    @property
    def texts(self) -> tuple[str, ...]:
        """Its hosts with the namespaces that they are limited to (istiod: sanitizeServerHostNamespace)."""
        namespace = self.gateway.resource.namespace
        entries = (server_host(text, namespace) for text in self.server.hosts)
        return tuple(one.host if one.namespace is None else f"{one.namespace}/{one.host}" for one in entries)

    @property
    def hosts(self) -> tuple[str, ...]:
        """The hosts it serves, without the namespaces that they are limited to."""
        namespace = self.gateway.resource.namespace
        return tuple(server_host(text, namespace).host for text in self.server.hosts)

    def serves(self, host: str) -> bool:
        """Whether `host` is one of its hosts."""
        return any(host_covers(pattern, host) for pattern in self.hosts)

    def takes(self, virtual_service: VirtualService, hosts: Iterable[str]) -> bool:
        """Whether a VirtualService with these full hosts is for it: by a host, and by its namespace."""
        namespace = self.gateway.resource.namespace
        entries = [server_host(text, namespace) for text in self.server.hosts]
        open_ones = [one.host for one in entries if one.is_open_to(virtual_service.resource.namespace)]
        return any(hosts_overlap(mine, theirs) for mine in open_ones for theirs in hosts)


def listeners(mesh: Mesh, client: Client, port: int) -> tuple[Listener, ...]:
    """The servers on a port of all Gateways that the client's pods serve, the oldest Gateway's first."""
    names = (name.partition("/") for name in sorted(client.gateways))
    found = [one for place, _, plain in names for one in mesh.gateways.named(GatewayName(place, plain))]
    return tuple(
        Listener(gateway, one)
        for gateway in oldest_first(found, lambda one: one.resource)
        for one in gateway.servers
        if one.port.number == port
    )


def bound(mesh: Mesh, client: Client, listener: Listener) -> Iterator[VirtualService]:
    """The VirtualServices that a listener follows: bound to its Gateway, with a host of its own, and exported
    to the namespace of the client's pods (Istio: VirtualService binding).
    """
    for virtual_service in mesh.virtual_services.of_gateway(listener.name):
        visible = mesh.virtual_services.visibility(virtual_service).includes(client.namespace)
        if visible and listener.takes(virtual_service, mesh.virtual_services.hosts(virtual_service)):
            yield virtual_service


def nearest_host(listener: Listener, host: str) -> tuple[bool, int]:
    """A sort key by the most specific host of a listener that covers `host`."""
    return min(host_specificity(pattern) for pattern in listener.hosts if host_covers(pattern, host))


def unserved_by(mesh: Mesh, client: Client, request: Request) -> str | None:
    """Why a gateway takes no connection for a request: it has no pods, or its server no certificate."""
    found = listeners(mesh, client, request.port)
    reasons = [unserved(mesh, one.gateway) for one in found]
    if found and all(reasons):
        return reasons[0]
    if not request.is_encrypted:
        return None
    mine = [one for one in found if one.is_encrypted and one.serves(request.server_name)]
    if not mine:
        return None
    nearest = min(mine, key=lambda one: nearest_host(one, request.server_name))
    return unserved_server(mesh, nearest.gateway, nearest.server)
