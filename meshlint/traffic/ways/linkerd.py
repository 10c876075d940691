"""The way of one request from a client of Linkerd."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.mesh import Mesh
from meshlint.mesh.names.expansion import service_name
from meshlint.resources.kubernetes.service import Service
from meshlint.traffic.destinations.endpoints import subset_workloads
from meshlint.traffic.effects.policies import EffectivePolicy
from meshlint.traffic.request import Client, Request
from meshlint.traffic.tables.entries import Entry, Forward, Layer, Respond, RouteTable
from meshlint.traffic.tables.linkerd.egress import egress_table
from meshlint.traffic.tables.linkerd.profiles import profile_for, profile_table
from meshlint.traffic.tables.linkerd.services import forbidden, linkerd_table
from meshlint.traffic.ways.following import choose, full_host
from meshlint.traffic.ways.way import Hop, Way

_FORBIDDEN = 403
_UNAVAILABLE = 503
_EGRESS = ("policy.linkerd.io", "EgressNetwork")


def linkerd_way(mesh: Mesh, client: Client, request: Request) -> Way:
    """The way of an HTTP request from a client of Linkerd (Linkerd: outbound)."""
    host = full_host(mesh, client, request.host)
    table = linkerd_table_for(mesh, client, host, request.port)
    if table is None and service_name(host, mesh.settings.cluster_domain) is None:
        table = egress_table(mesh, client, request, host)
    if table is None:
        reason = "Linkerd knows no service of that name, so the connection passes through as it is"
        return Way(request, client, host, None, None, (), (), None, reason, tuple(_egress(mesh)))
    if forbidden(table):
        reason = f"the service has no port {request.port}, so Linkerd forbids the connection"
        return Way(request, client, host, table, None, (), (), _FORBIDDEN, reason, ())
    entry, passed = choose(table.entries, request)
    status, reason, found = _outcome(mesh, table, entry, request.port)
    return Way(
        request, client, host, table, entry, passed, found, status, reason, table.undecided, table.layer
    )


def linkerd_table_for(mesh: Mesh, client: Client, host: str, port: int) -> RouteTable | None:
    """The routes for a full host name and port: those of a ServiceProfile, else those that are attached."""
    named = service_name(host, mesh.settings.cluster_domain)
    if named is None:
        return None
    table = linkerd_table(mesh, client.namespace, named, port)
    profile = profile_for(mesh, client.namespace, named)
    if table is None or profile is None or forbidden(table):
        return table
    return profile_table(profile, host, port)


def _egress(mesh: Mesh) -> Iterator[str]:
    if mesh.resources.of(*_EGRESS):
        yield "an EgressNetwork takes the connection if the host's address is in it, which files do not tell"


def _outcome(
    mesh: Mesh, table: RouteTable, entry: Entry | None, port: int
) -> tuple[int | None, str, tuple[Hop, ...]]:
    if entry is None:
        what = "request" if table.layer is Layer.HTTP else "connection"
        return table.unmatched, f"no route takes the {what}", ()
    if isinstance(entry.action, Respond):
        return entry.action.status, entry.action.reason, ()
    return None, "", tuple(_hops(mesh, entry.action, port))


def _hops(mesh: Mesh, action: Forward, port: int) -> Iterator[Hop]:
    for target in action.targets:
        named = service_name(target.host, mesh.settings.cluster_domain)
        service = None if named is None else mesh.services.get(named)
        number = target.port or port
        status, problem = target.status, "the backend is not valid" if target.status is not None else ""
        if status is None and service is not None and not _opens(service, number):
            status, problem = _UNAVAILABLE, f"the service has no port {number}"
        workloads = None
        if service is not None and status is None:
            workloads = subset_workloads(mesh, service, {}) or None
        nothing = EffectivePolicy({})
        yield Hop(target, target.part, target.host, number, None, nothing, workloads, status, problem)


def _opens(service: Service, number: int) -> bool:
    ports = [one.port for one in service.ports if one.port is not None]
    return not ports or number in ports
