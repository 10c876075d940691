"""The route table that a sidecar has for a host and port, from VirtualServices and the registry."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from meshlint.matching import host_specificity
from meshlint.mesh import Mesh
from meshlint.mesh.hosts.protocols import HostPort, Protocol
from meshlint.mesh.hosts.registry import Host
from meshlint.mesh.names.expansion import service_name
from meshlint.mesh.namespaces.visibility import visibility
from meshlint.mesh.questions.sidecar_scopes import SidecarScope, sidecar_scope
from meshlint.mesh.settings.settings import OutboundPolicy
from meshlint.resources.age import are_known, created
from meshlint.resources.istio.virtual_service import VirtualService
from meshlint.traffic.conditions.istio import EVERYTHING
from meshlint.traffic.request import Client
from meshlint.traffic.tables.entries import CLOSED, Entry, Forward, Layer, RouteTable, Target
from meshlint.traffic.tables.gateway_api.routes import AttachedTable, service_table
from meshlint.traffic.tables.istio.connections import Chains, takes_all, tcp_chains, tls_chains
from meshlint.traffic.tables.istio.layers import listening_protocol, open_port, port_layer
from meshlint.traffic.tables.istio.outbound import (
    has_address,
    is_registered,
    known_host,
    listens_for_http,
    may_carry_http,
    names_beside,
    opens_alias,
)
from meshlint.traffic.tables.istio.precedence import Rank, rank, ranked, undecided_ages
from meshlint.traffic.tables.istio.routes import applies, http_entries
from meshlint.values import evolve


def sidecar_table(
    mesh: Mesh,
    client: Client,
    host: str,
    port: int,
    *,
    scheme: str = "http",
    named: str | None = None,
    written: str | None = None,
) -> RouteTable | None:
    """What a sidecar does with traffic to a full host name on a port; None if it knows nothing of it.

    The port's protocol decides whether the http, the tls or the tcp sections of VirtualServices count. Where
    HTTP is listened for, `named` is the full name in the Host header, and `written` that name as it is
    written: hosts of VirtualServices alone are known by their full names only.
    """
    scope = sidecar_scope(mesh, client)
    named = host if named is None else named
    return _with_scope(scope, _table(scope, host, named, named if written is None else written, port, scheme))


def _table(
    scope: SidecarScope, host: str, named: str, written: str, port: int, scheme: str
) -> RouteTable | None:
    known = known_host(scope, host, port)
    opened = None if known is None else open_port(known, port)
    if known is not None and opened is not None:
        protocol = listening_protocol(scope, opened)
        layer = port_layer(protocol, scheme)
        if layer is None:
            return None
        if layer is not Layer.HTTP:
            # Of plain bytes on a port that many names share, nothing tells whose they are.
            shared = layer is Layer.TLS and not has_address(known) and scheme in ("http", "tcp")
            return None if shared else _connection_table(scope, known, opened, layer)
        if protocol is Protocol.UNKNOWN and has_address(known):
            return _http_table(scope, known, port)
    return _named_table(scope, named, written, port) if scheme == "http" else None


def _named_table(scope: SidecarScope, named: str, written: str, port: int) -> RouteTable | None:
    """What the listener for HTTP on a port does with requests for a name: of the registry's hosts and those
    that VirtualServices add, the most specific counts.
    """
    found = _virtual_service_table(scope, named, port) if opens_alias(scope, named, port) else None
    if found is not None:
        return _where_listened(scope, found[1], port)
    known = known_host(scope, named, port)
    opened = None if known is None else open_port(known, port)
    if opened is not None and not may_carry_http(opened):
        known = None
    added = _added_table(scope, written.lower().rstrip("."), port)
    if added is not None and (
        known is None or host_specificity(added.host) < host_specificity(known.pattern)
    ):
        return _where_listened(scope, added, port)
    return None if known is None else _http_table(scope, known, port)


def _where_listened(scope: SidecarScope, table: RouteTable, port: int) -> RouteTable | None:
    """A table that counts only if some host makes the proxy listen for HTTP on the port."""
    listens = listens_for_http(scope, port)
    if listens is False:
        return None
    open_question = () if listens else (f"no file shows a host with HTTP on port {port}",)
    return evolve(table, undecided=(*open_question, *table.undecided))


def _added_table(scope: SidecarScope, name: str, port: int) -> RouteTable | None:
    """The routes of a VirtualService for a host that the registry does not have on the port."""
    mesh, client = scope.mesh, scope.client
    for pattern, found in mesh.virtual_services.for_mesh.covering(name):
        if is_registered(scope, pattern, port):
            continue
        seen = ranked(mesh, _imported(scope, found, port), client)
        candidates = [one for one in seen if names_beside(scope, one, port)]
        for position, virtual_service in enumerate(candidates):
            entries = http_entries(mesh, virtual_service, client, port)
            if entries:
                return RouteTable(pattern, entries, undecided_ages(mesh, candidates[position:], client))
    return None


def _with_scope(scope: SidecarScope, table: RouteTable | None) -> RouteTable | None:
    if table is None or not scope.undecided:
        return table
    return evolve(table, undecided=(*scope.undecided, *table.undecided))


def _http_table(scope: SidecarScope, known: Host, port: int) -> RouteTable:
    """The VirtualServices with the most specific host count, and of these the first that has any entry for
    this client; they are not merged (Istio: which VirtualService wins). Without any, requests go to the
    host's own endpoints.
    """
    found = _virtual_service_table(scope, known.pattern, port)
    attached = _attached(scope, known, port, Layer.HTTP)
    rivals = rival_entries(known)
    if attached is not None:
        table = attached.table if found is None else _first_of(scope, known, attached, found)
        return evolve(table, undecided=(*rivals, *table.undecided))
    if found is not None:
        return evolve(found[1], undecided=(*rivals, *found[1].undecided))
    return RouteTable(known.name, (default_entry(known, port),), rivals)


def _virtual_service_table(
    scope: SidecarScope, host: str, port: int
) -> tuple[VirtualService, RouteTable] | None:
    """The first VirtualService with any entry for the client, of those with the most specific host."""
    mesh, client = scope.mesh, scope.client
    pattern, candidates = virtual_services_for(scope, host, port)
    for position, virtual_service in enumerate(candidates):
        entries = http_entries(mesh, virtual_service, client, port)
        if entries:
            undecided = undecided_ages(mesh, candidates[position:], client)
            return virtual_service, RouteTable(pattern, entries, undecided)
    return None


def _first_of(
    scope: SidecarScope, known: Host, attached: AttachedTable, found: tuple[VirtualService, RouteTable]
) -> RouteTable:
    """Which of a Service's routes and a VirtualService for it counts: routes count as VirtualServices for
    everyone, and before all others of those in the client's namespace (istiod: VirtualServicesForGateway).
    """
    owner, table = found
    first, own = attached.first, scope.client.namespace
    near = rank(scope.mesh, owner, own)
    default = visibility((), scope.mesh.settings.default_virtual_service_export_to, first.namespace)
    place = Rank.PUBLIC if default.everywhere else Rank.PRIVATE
    favoured = place is Rank.PUBLIC and near is Rank.PUBLIC and first.namespace == own
    if table.host != known.pattern or favoured:
        return attached.table
    if near is not None and near is not place:
        return table if near < place else attached.table
    aged = are_known((first.resource, owner.resource))
    mine = (created(first.resource) or "") if aged else "", attached.name, first.namespace
    theirs = (created(owner.resource) or "") if aged else "", owner.resource.name, owner.resource.namespace
    chosen = attached.table if mine < theirs else table
    text = f"whichever of {first.resource} and {owner.resource} is older comes first"
    return chosen if aged else evolve(chosen, undecided=(*chosen.undecided, text))


def rival_entries(known: Host) -> tuple[str, ...]:
    """What is left to the age of ServiceEntries: which namespace's define the host."""
    names = [one.resource for one in (*known.entries[:1], *known.rivals)] if known.rivals else []
    if not names or are_known(names):
        return ()
    return (f"the oldest of {', '.join(str(one) for one in names)} defines the host",)


def _connection_table(scope: SidecarScope, known: Host, port: HostPort, layer: Layer) -> RouteTable:
    """All VirtualServices for the host take part, whatever its wildcard. With a TLS route for the client, a
    server name that none has is not the host's any more, and passes through or is refused as the names of
    no host are; without, and for all that no TCP route takes, the host's own endpoints answer (Istio: tls
    and tcp; istiod: default filter chains).
    """
    attached = _attached(scope, known, port.number, layer)
    if attached is not None:
        return attached.table
    mesh, client = scope.mesh, scope.client
    found = dict.fromkeys(one for _, one in mesh.virtual_services.for_mesh.overlapping(known.pattern))
    seen = ranked(mesh, (one for one in found if scope.imports_route(one, port.number)), client)
    make = tls_chains if layer is Layer.TLS else tcp_chains
    chains = make(mesh, seen, lambda one, match: applies(match, one.resource.namespace, client, port.number))
    itself = default_entry(known, port.number)
    rest = () if takes_all(chains) or (chains.made and layer is Layer.TLS) else (itself,)
    undecided = (*rival_entries(known), *undecided_chains(mesh, chains, client))
    closed = scope.outbound_policy is OutboundPolicy.REGISTRY_ONLY
    return RouteTable(known.name, (*chains.entries, *rest), undecided, CLOSED if closed else None, layer)


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


def _attached(scope: SidecarScope, known: Host, port: int, layer: Layer) -> AttachedTable | None:
    named = service_name(known.name, scope.mesh.settings.cluster_domain)
    if named is None or known.service is None:
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
    """The registry's host of just that name, if it is in view and exported to the client.

    A route leads there even where the client's Sidecar does not list it, and a sidecar's to hosts of its own
    namespace whomever they are exported to (Istio: destinations are pulled in), but not to one of the names
    of a wildcard (istiod: clusters are called by the hosts of the registry).
    """
    found = mesh.hosts.seen_from(host, client.namespace)
    if found is not None and found.pattern == host.lower():
        return found
    return None if client.is_gateway else mesh.hosts.own(host, client.namespace)


def default_entry(host: Host, port: int) -> Entry:
    """All traffic to the host itself."""
    owner = host.service.resource if host.service is not None else host.entries[0].resource
    target = Target(owner.spec, host.name, Fraction(1), port, known=host)
    return Entry(owner, owner.spec, None, EVERYTHING, Forward((target,)))
