"""The route table that a sidecar has for a host and port, from VirtualServices and the registry."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from attrs import evolve

from meshlint.mesh import Mesh
from meshlint.mesh.hosts.protocols import HostPort
from meshlint.mesh.hosts.registry import Host
from meshlint.mesh.names.expansion import service_name
from meshlint.resources.istio.virtual_service import VirtualService
from meshlint.traffic.conditions.istio import EVERYTHING
from meshlint.traffic.request import Client
from meshlint.traffic.tables.entries import CLOSED, Entry, Forward, Layer, RouteTable, Target
from meshlint.traffic.tables.gateway_api.routes import service_table
from meshlint.traffic.tables.istio.connections import Chains, takes_all, tcp_chains, tls_chains
from meshlint.traffic.tables.istio.layers import listening_protocol, open_port, port_layer
from meshlint.traffic.tables.istio.precedence import ranked, undecided_ages
from meshlint.traffic.tables.istio.routes import applies, http_entries
from meshlint.traffic.tables.istio.scopes import SidecarScope, sidecar_scope

HTTP_PORT = 80


def sidecar_table(
    mesh: Mesh, client: Client, host: str, port: int, *, scheme: str = "http"
) -> RouteTable | None:
    """What a sidecar does with traffic to a full host name on a port; None if it knows nothing of it.

    The port's protocol decides whether the http, the tls or the tcp sections of VirtualServices count. What
    the client's Sidecar does not let in is unknown. A host outside of the registry is known on port 80 only.
    """
    scope = sidecar_scope(mesh, client)
    known = imported_host(scope, host, port)
    opened = None if known is None else open_port(known, port)
    if known is None or opened is None:
        return _with_scope(scope, _http_table(scope, None, host, port) if port == HTTP_PORT else None)
    layer = port_layer(listening_protocol(scope, opened), scheme)
    if layer is None:
        return None
    if layer is Layer.HTTP:
        return _with_scope(scope, _http_table(scope, known, host, port))
    return _with_scope(scope, _connection_table(scope, known, opened, layer))


def imported_host(scope: SidecarScope, host: str, port: int) -> Host | None:
    """The registry's host of that name, if it is exported to the client and let in by its Sidecar."""
    known = scope.mesh.hosts.seen_from(host, scope.client.namespace)
    return known if known is not None and scope.imports_host(known, port) else None


def _with_scope(scope: SidecarScope, table: RouteTable | None) -> RouteTable | None:
    if table is None or not scope.undecided:
        return table
    return evolve(table, undecided=(*scope.undecided, *table.undecided))


def _http_table(scope: SidecarScope, known: Host | None, host: str, port: int) -> RouteTable | None:
    """The VirtualServices with the most specific host count, and of these the first that has any entry for
    this client; they are not merged (Istio: which VirtualService wins). Without any, requests go to the
    host's own endpoints.
    """
    mesh, client = scope.mesh, scope.client
    pattern, candidates = virtual_services_for(scope, host, port)
    attached = _attached(scope, host, port, Layer.HTTP)
    if attached is not None:
        rivals = tuple(f"{one.resource} is for the host as well" for one in candidates if one.http)
        return evolve(attached, undecided=(*attached.undecided, *rivals))
    for position, virtual_service in enumerate(candidates):
        entries = http_entries(mesh, virtual_service, client, port)
        if entries:
            undecided = undecided_ages(mesh, candidates[position:], client)
            return RouteTable(pattern, entries, undecided)
    return None if known is None else RouteTable(host, (default_entry(known, port),))


def _connection_table(scope: SidecarScope, known: Host, port: HostPort, layer: Layer) -> RouteTable:
    """All VirtualServices for the host take part, whatever its wildcard. With a TLS route for the client, a
    server name that none has is refused; without, and for all that no TCP route takes, the host's own
    endpoints answer (Istio: tls and tcp).
    """
    attached = _attached(scope, known.name, port.number, layer)
    if attached is not None:
        return attached
    mesh, client = scope.mesh, scope.client
    found = dict.fromkeys(one for _, one in mesh.virtual_services.for_mesh.overlapping(known.pattern))
    seen = ranked(mesh, (one for one in found if scope.imports_route(one, port.number)), client)
    make = tls_chains if layer is Layer.TLS else tcp_chains
    chains = make(mesh, seen, lambda one, match: applies(match, one.resource.namespace, client, port.number))
    itself = default_entry(known, port.number)
    rest = () if takes_all(chains) or (chains.made and layer is Layer.TLS) else (itself,)
    undecided = undecided_chains(mesh, chains, client)
    return RouteTable(known.name, (*chains.entries, *rest), undecided, CLOSED, layer)


def undecided_chains(mesh: Mesh, chains: Chains, client: Client) -> tuple[str, ...]:
    """What is left to the age of objects: chains are left out because of one of another object."""
    rivals = [
        dict.fromkeys((taker.owner, late.owner))
        for late in chains.left_out
        for taker in chains.made
        if taker.owner is not late.owner and taker.takes(late)
    ]
    found = (text for pair in rivals for text in undecided_ages(mesh, tuple(pair), client))
    return tuple(dict.fromkeys(found))


def _attached(scope: SidecarScope, host: str, port: int, layer: Layer) -> RouteTable | None:
    named = service_name(host, scope.mesh.settings.cluster_domain)
    if named is None:
        return None
    return service_table(scope.mesh, scope.client.namespace, named, port, layer)


def virtual_services_for(scope: SidecarScope, host: str, port: int) -> tuple[str, tuple[VirtualService, ...]]:
    """The most specific host pattern of the VirtualServices that a sidecar sees, and those that have it."""
    for pattern, found in scope.mesh.virtual_services.for_mesh.covering(host):
        seen = ranked(scope.mesh, _imported(scope, found, port), scope.client)
        if seen:
            return pattern, seen
    return host, ()


def _imported(scope: SidecarScope, found: Iterable[VirtualService], port: int) -> Iterable[VirtualService]:
    return (one for one in found if scope.imports_route(one, port))


def visible_host(mesh: Mesh, client: Client, host: str) -> Host | None:
    """The registry's host of that name, if it is in view and exported to the client.

    A route leads there even where the client's Sidecar does not list it (Istio: destinations are pulled in).
    """
    return mesh.hosts.seen_from(host, client.namespace)


def default_entry(host: Host, port: int) -> Entry:
    """All traffic to the host itself."""
    owner = host.service.resource if host.service is not None else host.entries[0].resource
    target = Target(owner.spec, host.name, Fraction(1), port)
    return Entry(owner, owner.spec, None, EVERYTHING, Forward((target,)))
