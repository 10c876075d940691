"""The route tables of Istio gateways: of requests that they see, and of connections that they pass on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from meshlint.matching import host_covers, host_intersection, host_specificity
from meshlint.mesh import Mesh
from meshlint.mesh.routing.gateways import server_host
from meshlint.resources.age import are_known
from meshlint.resources.gateway_api.gateway import Gateway as KubernetesGateway
from meshlint.resources.istio.l4_route import L4Match
from meshlint.resources.istio.virtual_service import VirtualService
from meshlint.traffic.conditions.istio import EVERYTHING
from meshlint.traffic.request import Client
from meshlint.traffic.tables.entries import (
    CLOSED,
    Entry,
    Forward,
    Layer,
    Respond,
    RouteTable,
    Target,
    merged,
)
from meshlint.traffic.tables.istio.connections import Chains, tcp_chains, tls_chains
from meshlint.traffic.tables.istio.listeners import Listener, bound, listeners, nearest_host
from meshlint.traffic.tables.istio.merging import Merged, merge
from meshlint.traffic.tables.istio.precedence import ranked, undecided_ages
from meshlint.traffic.tables.istio.routes import applies, http_entries
from meshlint.values import evolve, field, frozen

AUTO_PASSTHROUGH = "AUTO_PASSTHROUGH"
_CLUSTER_PARTS = 4


def gateway_table(
    mesh: Mesh, client: Client, host: str, port: int, *, tls: bool, server_name: str | None = None
) -> RouteTable | None:
    """What gateway pods do with traffic for `host` on a port; None if no server takes it.

    Connections are told apart first, by whether they are encrypted and by their server name (by default the
    host): requests are seen only where a server does not pass them through (Istio: gateways).
    """
    name = host if server_name is None else server_name
    merged = merge(listeners(mesh, client, port))
    serving = merged.served
    table = (
        _encrypted_table(mesh, client, host, name, port, serving)
        if tls
        else _plain_table(mesh, client, host, port, serving)
    )
    return None if table is None else with_rivals(table, _rival_gateways(merged, host, name, tls=tls))


def with_virtual_services(
    mesh: Mesh, client: Client, gateway: KubernetesGateway, table: RouteTable | None, host: str, port: int
) -> RouteTable | None:
    """The table of a Gateway of the Gateway API with what VirtualServices that name it have for a host.

    Istio takes its listeners for servers of a Gateway, to which VirtualServices may be bound by the name of
    the whole (Istio: VirtualService binding).
    """
    if table is None or table.layer is not Layer.HTTP:
        return table
    lists: dict[str, list[tuple[Entry, ...]]] = {}
    for owner in ranked(
        mesh, mesh.virtual_services.of_gateway(f"{gateway.namespace}/{gateway.name}"), client
    ):
        for pattern in _hosts_at(mesh, gateway, owner, host, port):
            lists.setdefault(pattern, []).append(http_entries(mesh, owner, client, port))
    known = {table.host: [table.entries]} if table.entries else {}
    patterns = {*lists, *known}
    if not lists:
        return table
    nearest = min(patterns, key=host_specificity)
    return evolve(table, host=nearest, entries=merged([*known.get(nearest, ()), *lists.get(nearest, ())]))


def _hosts_at(
    mesh: Mesh, gateway: KubernetesGateway, owner: VirtualService, host: str, port: int
) -> Iterator[str]:
    """Each host pattern that covers `host`, common to a listener on a port and a VirtualService."""
    if not mesh.virtual_services.visibility(owner).includes(gateway.namespace):
        return
    for listener in gateway.listeners:
        for wanted in mesh.virtual_services.hosts(owner) if listener.port == port else ():
            common = host_intersection(str(listener.hostname or "*").lower(), wanted)
            if common is not None and host_covers(common, host):
                yield common


def _plain_table(
    mesh: Mesh, client: Client, host: str, port: int, serving: Sequence[Listener]
) -> RouteTable | None:
    plain = [one for one in serving if not one.is_encrypted]
    http = [one for one in plain if one.layer is Layer.HTTP]
    if http:
        return _http_table(mesh, client, host, port, http, tls=False)
    return _tcp_table(mesh, client, port, [one for one in plain if one.layer is Layer.TCP])


def _encrypted_table(
    mesh: Mesh, client: Client, host: str, name: str, port: int, serving: Sequence[Listener]
) -> RouteTable | None:
    encrypted = [one for one in serving if one.is_encrypted]
    crossing = next((one for one in encrypted if one.mode == AUTO_PASSTHROUGH), None)
    if crossing is not None and server_cluster(name) is not None:
        return _crossing_table(crossing, name)
    passing = _passed_through(mesh, client, port, encrypted)
    chosen = _decrypting(encrypted, passing, name)
    if chosen is not None and chosen.layer is Layer.HTTP:
        return _http_table(mesh, client, host, port, [chosen], tls=True)
    if chosen is not None:
        return _tcp_table(mesh, client, port, [chosen])
    if any(one.layer is Layer.TLS for one in encrypted):
        return _tls_table(mesh, client, name, passing)
    bytes_only = [one for one in serving if one.layer is Layer.TCP and not one.is_encrypted]
    return _tcp_table(mesh, client, port, bytes_only)


def _rival_gateways(merged: Merged, host: str, name: str, *, tls: bool) -> Iterator[str]:
    """What is left to the age of Gateways: which of two servers is served, of those that may take this."""
    for one in merged.dropped:
        pair = (one.taken.gateway.resource, one.listener.gateway.resource)
        asked = name if tls else host
        concerns = any(
            each.is_encrypted == tls and (each.layer is Layer.TCP or each.serves(asked))
            for each in (one.taken, one.listener)
        )
        if concerns and pair[0].id != pair[1].id and not are_known(pair):
            yield f"the server of the older of {pair[0]} and {pair[1]} counts"


def with_rivals(table: RouteTable, rivals: Iterable[str]) -> RouteTable:
    """A table with more that is left to the age of objects."""
    return evolve(table, undecided=tuple(dict.fromkeys((*rivals, *table.undecided))))


def server_cluster(name: str) -> tuple[str, int, str | None] | None:
    """Host, port and subset that a server name as `outbound_.80_.v1_.reviews.shop.svc.cluster.local` stands
    for, which gateways between networks go by (Istio: AUTO_PASSTHROUGH); None for any other name.
    """
    parts = name.split("_.", 3)
    if len(parts) != _CLUSTER_PARTS or parts[0] != "outbound" or not parts[1].isdecimal():
        return None
    return parts[3], int(parts[1]), parts[2] or None


def _crossing_table(listener: Listener, name: str) -> RouteTable:
    """To whatever service the server name stands for, without any VirtualService."""
    host, port, subset = server_cluster(name) or (name, None, None)
    place = listener.server.field
    target = Target(place, host, Fraction(1), port, subset)
    entry = Entry(listener.gateway.resource, place, None, EVERYTHING, Forward((target,)))
    return RouteTable(name, (entry,) if listener.serves(name) else (), (), CLOSED, Layer.TLS)


def _decrypting(encrypted: Sequence[Listener], passing: Chains, name: str) -> Listener | None:
    """The server that decrypts connections for a name; None where a chain for it passes them through."""
    mine = [one for one in encrypted if one.layer is not Layer.TLS and one.serves(name)]
    if not mine:
        return None
    chosen = min(mine, key=lambda one: nearest_host(one, name))
    chains = [chain for chain in passing.made if host_covers(chain.name, name)]
    nearer = any(host_specificity(chain.name) < nearest_host(chosen, name) for chain in chains)
    return None if nearer else chosen


@frozen(eq=False, repr=False)
class _VirtualHost:
    """What is for one host pattern: the lists of entries in their order, and the server that redirects."""

    lists: list[tuple[Entry, ...]] = field(factory=list)
    owners: list[VirtualService] = field(factory=list)
    redirecting: list[Listener] = field(factory=list)


def _http_table(
    mesh: Mesh, client: Client, host: str, port: int, serving: Sequence[Listener], *, tls: bool
) -> RouteTable:
    """Of all pairs of server host and route host the most specific that covers the request's host counts,
    with no way back to a wider one; the VirtualServices that have it are merged. One without any rule for the
    port makes no pair. A server that redirects does so for its pairs and for its own hosts alone: a more
    specific pair of another server is served as it is (Istio: gateways; istiod: buildGatewayHTTPRouteConfig).
    """
    found: dict[str, _VirtualHost] = {}
    for listener in serving:
        _add_routes(mesh, client, host, port, listener, found)
        if listener.redirects:
            # A host that is limited to a namespace is taken as a name here, which no request has.
            for text in listener.texts:
                if "/" not in text and host_covers(text, host):
                    found.setdefault(text, _VirtualHost()).redirecting.append(listener)
    if not found:
        return RouteTable(host, ())
    pattern = min(found, key=host_specificity)
    chosen = found[pattern]
    if chosen.redirecting and not tls:
        return RouteTable(pattern, (_to_https(chosen.redirecting[0]),))
    return RouteTable(pattern, merged(chosen.lists), undecided_ages(mesh, chosen.owners, client))


def _add_routes(
    mesh: Mesh, client: Client, host: str, port: int, listener: Listener, found: dict[str, _VirtualHost]
) -> None:
    """Add what the VirtualServices of a server's Gateway have for the hosts that cover `host`."""
    of_one = evolve(client, gateways=frozenset({listener.name}))
    for owner in ranked(mesh, bound(mesh, client, listener), client):
        patterns = dict.fromkeys(_common_hosts(mesh, listener, owner, host))
        entries = http_entries(mesh, owner, of_one, port) if patterns else ()
        for pattern in patterns if entries else ():
            one = found.setdefault(pattern, _VirtualHost())
            if owner not in one.owners:
                one.lists.append(entries)
                one.owners.append(owner)
            if listener.redirects:
                one.redirecting.append(listener)


def _common_hosts(mesh: Mesh, listener: Listener, owner: VirtualService, host: str) -> Iterator[str]:
    """Each host pattern that covers `host`, common to a server and a VirtualService bound to its Gateway."""
    namespace = listener.gateway.resource.namespace
    for text in listener.server.hosts:
        entry = server_host(text, namespace)
        if entry.is_open_to(owner.resource.namespace):
            for wanted in mesh.virtual_services.hosts(owner):
                common = host_intersection(entry.host, wanted)
                if common is not None and host_covers(common, host):
                    yield common


def _passed_through(mesh: Mesh, client: Client, port: int, encrypted: Sequence[Listener]) -> Chains:
    """The chains of the tls sections of all servers that pass TLS through."""
    passing = [one for one in encrypted if one.layer is Layer.TLS]
    found = dict.fromkeys(owner for listener in passing for owner in bound(mesh, client, listener))
    names = frozenset(listener.name for listener in passing)
    return tls_chains(mesh, ranked(mesh, found, client), lambda one, match: _on(one, match, names, port))


def _tls_table(mesh: Mesh, client: Client, name: str, chains: Chains) -> RouteTable:
    rivals = [
        taker.owner.resource.id != late.owner.resource.id
        and taker.takes(late)
        and host_covers(late.name, name)
        for late in chains.left_out
        for taker in chains.made
    ]
    owners = dict.fromkeys(chain.owner for chain in (*chains.made, *chains.left_out))
    undecided = undecided_ages(mesh, tuple(owners), client) if any(rivals) else ()
    return RouteTable(name, chains.entries, undecided, CLOSED, Layer.TLS)


def _tcp_table(mesh: Mesh, client: Client, port: int, serving: Sequence[Listener]) -> RouteTable | None:
    """The first TCP route of all VirtualServices of a server takes every connection (Istio: gateways).

    Addresses and sources are not looked at here.
    """
    if not serving:
        return None
    listener = serving[0]
    ordered = ranked(mesh, bound(mesh, client, listener), client)
    names = frozenset({listener.name})
    chains = tcp_chains(mesh, ordered, lambda one, match: _on(one, match, names, port), on_gateway=True)
    owners = tuple(dict.fromkeys(chain.owner for chain in (*chains.made, *chains.left_out)))
    host = min(listener.hosts, default="*", key=host_specificity)
    return RouteTable(host, chains.entries, undecided_ages(mesh, owners, client), CLOSED, Layer.TCP)


def _on(owner: VirtualService, match: L4Match, names: frozenset[str], port: int) -> bool:
    """Whether a match of connections is for a gateway's port: of its demands only those two count there."""
    client = Client(str(match.source_namespace or ""), match.source_labels, names)
    return applies(match, owner.resource.namespace, client, port)


def _to_https(listener: Listener) -> Entry:
    field = listener.server.field / "tls" / "httpsRedirect"
    answer = Respond(field, 301, "redirect to https")
    return Entry(listener.gateway.resource, listener.server.field, None, EVERYTHING, answer)
