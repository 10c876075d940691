"""The route tables of Istio gateways."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from meshlint.matching import host_covers, host_intersection, host_specificity
from meshlint.mesh import Mesh
from meshlint.mesh.gateways import GatewayName, server_host
from meshlint.mesh.protocols import declared_protocol
from meshlint.resources.istio.gateway import Gateway, Server
from meshlint.resources.istio.virtual_service import VirtualService
from meshlint.traffic.conditions import Condition
from meshlint.traffic.entries import Entry, Respond, RouteTable
from meshlint.traffic.istio_routes import http_entries
from meshlint.traffic.precedence import merged, ranked, undecided_ages
from meshlint.traffic.request import Client

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
    def is_http(self) -> bool:
        """Whether it sees requests: plain HTTP, or HTTPS that is decrypted here (Istio: Gateway servers)."""
        protocol = declared_protocol(self.server.port.protocol)
        if protocol.is_http:
            return True
        tls = self.server.tls
        return protocol.value == "https" and tls is not None and tls.mode not in PASSTHROUGH


def listeners(mesh: Mesh, client: Client, port: int) -> tuple[Listener, ...]:
    """The servers on a port of all Gateways that the client's pods serve, in the order of names."""
    found: list[Listener] = []
    for name in sorted(client.gateways):
        namespace, _, plain = name.partition("/")
        for gateway in mesh.gateways.named(GatewayName(namespace, plain)):
            found.extend(Listener(gateway, one) for one in gateway.servers if one.port.number == port)
    return tuple(found)


def gateway_table(mesh: Mesh, client: Client, host: str, port: int, *, tls: bool) -> RouteTable | None:
    """What gateway pods do with HTTP requests for `host` on a port; None if no server takes the host.

    Of all pairs of server host and route host the most specific that covers the request's host counts, with
    no way back to a wider one; the VirtualServices that have it are merged (Istio: gateways).
    """
    serving = [one for one in listeners(mesh, client, port) if one.is_http and _decrypts(one) == tls]
    claims = list(_claims(mesh, client, serving, host))
    redirecting = [one for one in serving if _redirects(one) and _serves(one, host)]
    if not claims:
        return _without_routes(serving, redirecting, host)
    pattern = min((pattern for pattern, _ in claims), key=host_specificity)
    chosen = dict.fromkeys(one for found, one in claims if found == pattern)
    ordered = ranked(mesh, chosen, client)
    if redirecting:
        return RouteTable(pattern, (_to_https(redirecting[0]),))
    lists = [http_entries(mesh, one, client, port) for one in ordered]
    return RouteTable(pattern, merged(lists), undecided_ages(mesh, ordered, client))


def _claims(
    mesh: Mesh, client: Client, serving: list[Listener], host: str
) -> Iterator[tuple[str, VirtualService]]:
    """Each host pattern that covers `host`, common to a server and a VirtualService bound to its gateway."""
    for listener in serving:
        namespace = listener.gateway.resource.namespace
        for virtual_service in mesh.virtual_services.of_gateway(listener.name):
            if not mesh.virtual_services.visibility(virtual_service).includes(client.namespace):
                continue
            for text in listener.server.hosts:
                entry = server_host(text, namespace)
                if entry.is_open_to(virtual_service.resource.namespace):
                    for wanted in mesh.virtual_services.hosts(virtual_service):
                        common = host_intersection(entry.host, wanted)
                        if common is not None and host_covers(common, host):
                            yield common, virtual_service


def _decrypts(listener: Listener) -> bool:
    return declared_protocol(listener.server.port.protocol).is_tls


def _serves(listener: Listener, host: str) -> bool:
    namespace = listener.gateway.resource.namespace
    return any(host_covers(server_host(text, namespace).host, host) for text in listener.server.hosts)


def _redirects(listener: Listener) -> bool:
    tls = listener.server.tls
    plain = declared_protocol(listener.server.port.protocol).is_http
    return plain and tls is not None and tls.https_redirect


def _without_routes(serving: list[Listener], redirecting: list[Listener], host: str) -> RouteTable | None:
    if redirecting:
        return RouteTable(host, (_to_https(redirecting[0]),))
    return RouteTable(host, ()) if serving else None


def _to_https(listener: Listener) -> Entry:
    field = listener.server.field / "tls" / "httpsRedirect"
    answer = Respond(field, 301, "redirect to https")
    return Entry(listener.gateway.resource, listener.server.field, None, Condition(is_catch_all=True), answer)
