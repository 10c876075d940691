"""The way of one request from a client of Linkerd."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from meshlint.mesh import Mesh
from meshlint.mesh.names.expansion import service_name
from meshlint.mesh.routing.effective_policies import EffectivePolicy
from meshlint.resources.age import perhaps_oldest
from meshlint.traffic.destinations.endpoints import subset_workloads
from meshlint.traffic.request import Client, Request
from meshlint.traffic.tables.entries import CLOSED, Entry, Forward, Layer, Respond, RouteTable
from meshlint.traffic.tables.linkerd.egress import captured, egress_table
from meshlint.traffic.tables.linkerd.profiles import profile_for, profile_table
from meshlint.traffic.tables.linkerd.services import linkerd_table
from meshlint.traffic.ways.following import full_host
from meshlint.traffic.ways.way import Hop, Passed, Way
from meshlint.values import evolve, frozen

_EGRESS = ("policy.linkerd.io", "EgressNetwork")
_OUTRANKED = "precedence: another rule fits better"


def linkerd_way(mesh: Mesh, client: Client, request: Request) -> Way:
    """The way of a request or connection from a client of Linkerd (Linkerd: outbound)."""
    host = full_host(mesh, client, request.host)
    table = linkerd_table_for(mesh, client, host, request)
    if table is not None:
        return _followed(mesh, client, request, table)
    if service_name(host, mesh.settings.cluster_domain) is None:
        found = _through_network(mesh, client, request, host)
        if found is not None:
            return found
    reason = "Linkerd knows no service of that name, so the connection passes through as it is"
    assumed = tuple(_egress(mesh)) if request.address is None else ()
    return Way(request, client, host, None, None, (), (), None, reason, assumed)


def linkerd_table_for(mesh: Mesh, client: Client, host: str, request: Request) -> RouteTable | None:
    """The routes for a full host name: those of a ServiceProfile, else those that are attached."""
    named = service_name(host, mesh.settings.cluster_domain)
    if named is None:
        return None
    table = linkerd_table(mesh, client.namespace, named, request.port, request)
    profile = profile_for(mesh, client.namespace, named)
    if table is None or profile is None or table.refusal is not None or table.layer is not Layer.HTTP:
        return table
    return profile_table(profile, host, request.port)


def _through_network(mesh: Mesh, client: Client, request: Request, host: str) -> Way | None:
    """The way through the EgressNetwork that takes a connection; open where the oldest is not known."""
    taken = captured(mesh, client.namespace, request.address)
    if taken is None:
        return None
    ways = [
        _followed(mesh, client, request, egress_table(mesh, client, request, host, one))
        for one in taken.networks
    ]
    first, *others = ways
    different = [one for one, found in zip(taken.networks[1:], others, strict=True) if _differ(first, found)]
    open_ends = [
        f"the older of {taken.networks[0].resource} and {one.resource} takes the connection"
        for one in different[:1]
    ]
    return evolve(first, undecided=(*taken.assumed, *open_ends, *first.undecided))


def _differ(one: Way, other: Way) -> bool:
    """Whether two ways come to different ends, or take routes that may do different things on the way."""

    def end(way: Way) -> object:
        places = [(hop.host, hop.port, hop.part, hop.status) for hop in way.hops]
        by_route = way.entry is not None and way.entry.route is not None
        return way.status, places, way.entry.owner.id if by_route and way.entry is not None else None

    return end(one) != end(other)


def _egress(mesh: Mesh) -> Iterator[str]:
    if mesh.resources.of(*_EGRESS):
        yield "an EgressNetwork takes the connection if the host's address is in it, which files do not tell"


def _followed(mesh: Mesh, client: Client, request: Request, table: RouteTable) -> Way:
    """What a table does with a request."""
    if table.refusal is not None:
        way = Way(request, client, table.host, table, None, (), (), table.unmatched, table.refusal, ())
        return evolve(way, layer=table.layer)
    chosen = _chosen(table, request)
    status, reason, found = _outcome(mesh, table, chosen.entry, request.port)
    undecided = (*table.undecided, *chosen.undecided)
    return Way(
        request,
        client,
        table.host,
        table,
        chosen.entry,
        chosen.passed,
        found,
        status,
        reason,
        undecided,
        table.layer,
    )


@frozen(eq=False, repr=False)
class _Chosen:
    """The entry that takes a request, those before it that do not, and what decides between equals."""

    entry: Entry | None
    passed: tuple[Passed, ...]
    undecided: tuple[str, ...]


def _chosen(table: RouteTable, request: Request) -> _Chosen:
    """The entry that fits best; of equals that of the oldest object, and in one object the first."""
    taking = [one for one in table.entries if one.condition.admits(request)]
    if not taking:
        return _Chosen(None, tuple(_passed(table.entries, request)), ())
    ranks = [() if table.rank is None else table.rank(one, request) for one in taking]
    entry, undecided = (taking[0], ()) if table.rank is None else _best(taking, ranks)
    before = table.entries[: next(n for n, one in enumerate(table.entries) if one is entry)]
    return _Chosen(entry, tuple(_passed(before, request)), undecided)


def _best(taking: Sequence[Entry], ranks: Sequence[tuple[int, ...]]) -> tuple[Entry, tuple[str, ...]]:
    best = [one for one, rank in zip(taking, ranks, strict=True) if rank == max(ranks)]
    owners = list({id(one.owner): one.owner for one in best}.values())
    first, *others = perhaps_oldest(owners, lambda one: one, lambda one: one.name)
    entry = next(one for one in best if one.owner is first)
    return entry, tuple(
        f"whichever of {first} and {other} is older comes first" for other in others if other.id != first.id
    )


def _passed(entries: Sequence[Entry], request: Request) -> Iterator[Passed]:
    for one in entries:
        yield Passed(one, next(one.condition.failures(request), _OUTRANKED))


def _outcome(
    mesh: Mesh, table: RouteTable, entry: Entry | None, port: int
) -> tuple[int | None, str, tuple[Hop, ...]]:
    if entry is None:
        what = "request" if table.layer is Layer.HTTP else "connection"
        return table.unmatched, f"no route takes the {what}", ()
    if isinstance(entry.action, Respond):
        closed = table.layer is not Layer.HTTP
        return CLOSED if closed else entry.action.status, entry.action.reason, ()
    return None, "", tuple(_hops(mesh, entry.action, port))


def _hops(mesh: Mesh, action: Forward, port: int) -> Iterator[Hop]:
    for target in action.targets:
        named = service_name(target.host, mesh.settings.cluster_domain)
        service = None if named is None else mesh.services.get(named)
        status, problem = target.status, "the backend is not valid" if target.status is not None else ""
        workloads = None
        if service is not None and status is None:
            workloads = subset_workloads(mesh, service, {}) or None
        nothing = EffectivePolicy({})
        number = target.port or port
        yield Hop(target, target.part, target.host, number, None, nothing, workloads, status, problem)
