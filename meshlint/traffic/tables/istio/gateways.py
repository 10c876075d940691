"""The route tables of Istio gateways: of requests that they see, and of connections that they pass on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from meshlint.matching import host_covers, host_intersection, host_specificity
from meshlint.mesh import Mesh
from meshlint.mesh.routing.gateways import server_host
from meshlint.resources.istio.l4_route import L4Match
from meshlint.resources.istio.virtual_service import VirtualService
from meshlint.traffic.conditions.istio import EVERYTHING
from meshlint.traffic.request import Client
from meshlint.traffic.tables.entries import CLOSED, Entry, Forward, Layer, Respond, RouteTable, Target
from meshlint.traffic.tables.istio.connections import Chains, tcp_chains, tls_chains
from meshlint.traffic.tables.istio.listeners import Listener, bound, listeners, nearest_host
from meshlint.traffic.tables.istio.precedence import merged, ranked, undecided_ages
from meshlint.traffic.tables.istio.routes import applies, http_entries

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
    serving = listeners(mesh, client, port)
    if not tls:
        plain = [one for one in serving if not one.is_encrypted]
        return _http_table(mesh, client, host, port, [one for one in plain if one.layer is Layer.HTTP]) or (
            _tcp_table(mesh, client, port, [one for one in plain if one.layer is Layer.TCP])
        )
    encrypted = [one for one in serving if one.is_encrypted]
    crossing = next((one for one in encrypted if one.mode == AUTO_PASSTHROUGH), None)
    if crossing is not None and server_cluster(name) is not None:
        return _crossing_table(crossing, name)
    passing = _passed_through(mesh, client, port, encrypted)
    chosen = _decrypting(encrypted, passing, name)
    if chosen is not None and chosen.layer is Layer.HTTP:
        return _http_table(mesh, client, host, port, [chosen])
    if chosen is not None:
        return _tcp_table(mesh, client, port, [chosen])
    if any(one.layer is Layer.TLS for one in encrypted):
        return _tls_table(mesh, client, name, passing)
    bytes_only = [one for one in serving if one.layer is Layer.TCP and not one.is_encrypted]
    return _tcp_table(mesh, client, port, bytes_only)


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


def _http_table(
    mesh: Mesh, client: Client, host: str, port: int, serving: Sequence[Listener]
) -> RouteTable | None:
    """Of all pairs of server host and route host the most specific that covers the request's host counts,
    with no way back to a wider one; the VirtualServices that have it are merged (Istio: gateways).
    """
    claims = list(_claims(mesh, client, serving, host))
    redirecting = [one for one in serving if one.redirects and one.serves(host)]
    if redirecting:
        return RouteTable(host, (_to_https(redirecting[0]),))
    if not claims:
        return RouteTable(host, ()) if serving else None
    pattern = min((pattern for pattern, _ in claims), key=host_specificity)
    ordered = ranked(mesh, dict.fromkeys(one for found, one in claims if found == pattern), client)
    lists = [http_entries(mesh, one, client, port) for one in ordered]
    return RouteTable(pattern, merged(lists), undecided_ages(mesh, ordered, client))


def _claims(
    mesh: Mesh, client: Client, serving: Sequence[Listener], host: str
) -> Iterator[tuple[str, VirtualService]]:
    """Each host pattern that covers `host`, common to a server and a VirtualService bound to its gateway."""
    for listener in serving:
        namespace = listener.gateway.resource.namespace
        for virtual_service in bound(mesh, client, listener):
            for text in listener.server.hosts:
                entry = server_host(text, namespace)
                if entry.is_open_to(virtual_service.resource.namespace):
                    for wanted in mesh.virtual_services.hosts(virtual_service):
                        common = host_intersection(entry.host, wanted)
                        if common is not None and host_covers(common, host):
                            yield common, virtual_service


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
