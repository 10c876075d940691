"""The way of one request: which route takes it, why the ones before did not, and where it ends up."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import frozen

from meshlint.mesh import Mesh
from meshlint.mesh.gateways import gateway_name
from meshlint.mesh.names import ServiceName
from meshlint.mesh.settings import OutboundPolicy
from meshlint.traffic.entries import Entry, Respond, RouteTable
from meshlint.traffic.gateway_api_tables import kubernetes_gateway_table
from meshlint.traffic.gateway_tables import gateway_table
from meshlint.traffic.hops import Hop, hops
from meshlint.traffic.request import Client, Request
from meshlint.traffic.sidecar_tables import sidecar_table

BAD_GATEWAY = 502


@frozen(eq=False, repr=False)
class Passed:
    """An entry before the one that won, with the first demand that the request does not meet."""

    entry: Entry
    failure: str


@frozen(eq=False, repr=False)
class Way:
    """What becomes of a request.

    `entry` is the line of the table that takes it, `passed` the earlier ones that do not; `hops` are the
    destinations. `status` is set where no destination answers, and `reason` says why. `undecided` holds what
    files do not tell and the answer depends on.
    """

    request: Request
    client: Client
    host: str
    table: RouteTable | None
    entry: Entry | None
    passed: tuple[Passed, ...]
    hops: tuple[Hop, ...]
    status: int | None
    reason: str
    undecided: tuple[str, ...]


def way(mesh: Mesh, client: Client, request: Request) -> Way:
    """The way of an HTTP request from a client of Istio."""
    host = full_host(mesh, client, request.host)
    table = table_for(mesh, client, host, request.port, tls=request.scheme == "https")
    if table is None:
        status, reason = _without_table(mesh, client)
        return Way(request, client, host, None, None, (), (), status, reason, ())
    return follow(mesh, client, request, host, table)


def table_for(mesh: Mesh, client: Client, host: str, port: int, *, tls: bool = False) -> RouteTable | None:
    """The route table of a client for a full host name and port; None where it knows nothing of them."""
    for name in sorted(client.gateways):
        kubernetes = mesh.gateways.kubernetes_named(gateway_name(name, client.namespace))
        if kubernetes is not None:
            return kubernetes_gateway_table(mesh, kubernetes, host, port)
    if client.is_gateway:
        return gateway_table(mesh, client, host, port, tls=tls)
    return sidecar_table(mesh, client, host, port)


def follow(mesh: Mesh, client: Client, request: Request, host: str, table: RouteTable) -> Way:
    """What a route table does with a request."""
    entry, passed = choose(table.entries, request)
    status, reason, found = _outcome(mesh, client, request, entry, table)
    return Way(request, client, host, table, entry, passed, found, status, reason, table.undecided)


def choose(entries: Iterable[Entry], request: Request) -> tuple[Entry | None, tuple[Passed, ...]]:
    """The first entry that takes a request, and those before it with what they miss."""
    passed: list[Passed] = []
    for entry in entries:
        failure = next(entry.condition.failures(request), None)
        if failure is None:
            return entry, tuple(passed)
        passed.append(Passed(entry, failure))
    return None, tuple(passed)


def full_host(mesh: Mesh, client: Client, host: str) -> str:
    """The host that a name stands for when a pod calls it: cluster DNS completes what Istio would not."""
    name = host.lower().rstrip(".")
    if client.is_gateway:
        return name
    domain = mesh.settings.cluster_domain
    parts = name.split(".")
    if len(parts) == 1:
        return ServiceName(client.namespace, name).host(domain)
    if len(parts) == 2 or (len(parts) == 3 and parts[2] == "svc"):
        short = ServiceName(parts[1], parts[0])
        if mesh.services.get(short) is not None:
            return short.host(domain)
    return name


def _outcome(
    mesh: Mesh, client: Client, request: Request, entry: Entry | None, table: RouteTable
) -> tuple[int | None, str, tuple[Hop, ...]]:
    if entry is None:
        return table.unmatched, "no route takes the request", ()
    if isinstance(entry.action, Respond):
        return entry.action.status, entry.action.reason, ()
    found = tuple(hops(mesh, client, entry.action, request.port))
    if not found:
        return 503, "the route has no destination", ()
    return None, "", found


def _without_table(mesh: Mesh, client: Client) -> tuple[int | None, str]:
    if client.is_gateway:
        return 404, "no server of the gateway takes the host on this port"
    if mesh.settings.outbound_policy is OutboundPolicy.REGISTRY_ONLY:
        return BAD_GATEWAY, "the mesh does not know the host, and only known ones may be called"
    return None, "the mesh does not know the host, so the connection passes through as it is"
