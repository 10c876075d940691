"""Why a rule that speaks of a host is not in the route table of a client."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from meshlint.documents import Field
from meshlint.matching import host_covers, host_specificity
from meshlint.mesh import Mesh
from meshlint.mesh.names.expansion import ServiceName
from meshlint.resources.gateway_api.reference import GROUP
from meshlint.resources.gateway_api.route import AnyRoute
from meshlint.resources.istio.http_match import HttpMatch
from meshlint.resources.istio.http_route import HttpRoute
from meshlint.resources.istio.l4_route import L4Match, L4Route
from meshlint.resources.istio.virtual_service import VirtualService
from meshlint.resources.resource import Resource
from meshlint.traffic.request import Client
from meshlint.traffic.tables.entries import Entry, Layer, RouteTable
from meshlint.traffic.tables.gateway_api.routes import refusal
from meshlint.traffic.tables.istio.routes import applies, is_bound
from meshlint.values import frozen

_EVERY_HOST = "*"
_ROUTES = ("VirtualService", "HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute")


@frozen(eq=False, repr=False)
class LeftOut:
    """A VirtualService, a route or match of one, or a route that is for the host and yet has no say.

    `reason` says why, and `field` is the place: the hosts where it is all of the VirtualService.
    """

    owner: Resource
    field: Field
    reason: str


def left_out(mesh: Mesh, client: Client, host: str, port: int, table: RouteTable | None) -> Iterator[LeftOut]:
    """What VirtualServices and routes write for a host, and a client of Istio does not follow."""
    yield from _unread(mesh, client, host)
    for virtual_service in mesh.virtual_services.by_host.of(host):
        patterns = [one for one in mesh.virtual_services.hosts(virtual_service) if host_covers(one, host)]
        elsewhere = patterns == [_EVERY_HOST] and not is_bound(virtual_service, client)
        if not patterns or elsewhere or virtual_service.is_delegate:
            continue
        layer = Layer.HTTP if table is None else table.layer
        # A waypoint follows what the gateway before it does not.
        unseen = None if _followed(virtual_service, table) else _unseen(mesh, virtual_service, client)
        reason = unseen or _beaten(virtual_service, patterns, client, table)
        skipped = tuple(_skipped(virtual_service, client, port, layer))
        if reason is None and not skipped and not _followed(virtual_service, table):
            reason = f"it has no rule for {_WORDS[layer]} on port {port}"
        if reason is not None:
            yield LeftOut(virtual_service.resource, virtual_service.resource.spec / "hosts", reason)
            continue
        yield from skipped
        told = [one.field.path for one in skipped]
        for one in _behind(virtual_service, _followed(virtual_service, table)):
            if not any(path[: len(one.field.path)] == one.field.path for path in told):
                yield one


def _unread(mesh: Mesh, client: Client, host: str) -> Iterator[LeftOut]:
    """Routes for a host of which Istio reads no rule."""
    for route in mesh.routes:
        if route.resource.group == GROUP and _is_for(mesh, route, client, host):
            why = refusal(mesh, route, client.is_gateway)
            if why is not None:
                yield LeftOut(route.resource, why.field, f"none of its rules is read: {why.words}")


def _is_for(mesh: Mesh, route: AnyRoute, client: Client, host: str) -> bool:
    if client.is_gateway:
        named = {f"{one.namespace}/{one.name}" for one in route.parent_refs if one.is_a(GROUP, "Gateway")}
        return bool(named & client.gateways) and any(
            host_covers(one, host) for one in route.hostnames or (_EVERY_HOST,)
        )
    domain = mesh.settings.cluster_domain
    services = [one for one in route.parent_refs if one.is_a("", "Service")]
    return any(ServiceName(str(one.namespace), str(one.name)).host(domain) == host for one in services)


_WORDS = {Layer.HTTP: "requests", Layer.TLS: "TLS connections", Layer.TCP: "TCP connections"}


def _unseen(mesh: Mesh, virtual_service: VirtualService, client: Client) -> str | None:
    if not is_bound(virtual_service, client):
        names = ", ".join(virtual_service.gateways_or_mesh)
        return f"it is bound to {names} only" if client.is_gateway else f"it is for gateways only ({names})"
    if not mesh.virtual_services.visibility(virtual_service).includes(client.namespace):
        return f"it is not exported to namespace {client.namespace}"
    return None


def _beaten(
    virtual_service: VirtualService, patterns: Sequence[str], client: Client, table: RouteTable | None
) -> str | None:
    """What keeps a VirtualService out though the client sees it."""
    if table is None or not table.entries or _followed(virtual_service, table):
        return None
    winner = table.entries[0].owner
    if winner.kind not in _ROUTES:
        return None
    if winner.id == virtual_service.resource.id:
        return f"{winner.document.file} defines it as well"
    if table.layer is Layer.HTTP and min(map(host_specificity, patterns)) > host_specificity(table.host):
        return f"{winner} is for the more specific host '{table.host}'"
    if winner.kind != "VirtualService":
        return f"{winner} is attached to the host and counts instead"
    alone = table.layer is Layer.HTTP and not client.is_gateway
    return f"{winner} comes first, and sidecars follow only one" if alone else None


def _followed(virtual_service: VirtualService, table: RouteTable | None) -> list[Entry]:
    """The entries of a table that a VirtualService has written, or delegated."""
    return [
        entry
        for entry in (table.entries if table is not None else ())
        if entry.owner is virtual_service.resource
        or any(entry.root is route for route in virtual_service.http)
    ]


def _skipped(virtual_service: VirtualService, client: Client, port: int, layer: Layer) -> Iterator[LeftOut]:
    """The matches that are not for the client."""
    sections: dict[Layer, Sequence[HttpRoute | L4Route]] = {
        Layer.HTTP: virtual_service.http,
        Layer.TLS: virtual_service.tls,
        Layer.TCP: virtual_service.tcp,
    }
    for route in sections[layer]:
        for match in route.match:
            if not applies(match, virtual_service.resource.namespace, client, port):
                yield LeftOut(virtual_service.resource, match.field, _demand(match, client, port))


def _demand(match: HttpMatch | L4Match, client: Client, port: int) -> str:
    if match.port is not None and match.port != port:
        return f"it is for port {match.port}"
    if match.gateways and isinstance(match, HttpMatch):
        return f"its gateways are {', '.join(match.gateways)}"
    if match.source_namespace and match.source_namespace != client.namespace:
        return f"it is for clients in namespace {match.source_namespace}"
    if not match.source_labels.items() <= dict(client.labels).items():
        labels = ", ".join(f"{key}={value}" for key, value in match.source_labels.items())
        return f"it is for clients labelled {labels}"
    return f"its gateways are {', '.join(match.gateways)}"


def _behind(virtual_service: VirtualService, entries: Sequence[Entry]) -> Iterator[LeftOut]:
    """The http routes after the one that takes everything, which are not in the table at all."""
    wide = next((entry for entry in entries if entry.condition.is_catch_all), None)
    if wide is None:
        return
    own = wide.root if wide.root is not None else wide.route
    ended = False
    for route in virtual_service.http:
        if ended:
            reason = "the route before it takes every request"
            yield LeftOut(virtual_service.resource, route.field, reason)
        ended = ended or route is own
