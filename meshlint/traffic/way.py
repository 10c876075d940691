"""The way of one request: which route takes it, why the ones before did not, and where it ends up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from attrs import evolve, frozen

from meshlint.mesh import Mesh
from meshlint.mesh.gateways import gateway_name
from meshlint.mesh.names import ServiceName
from meshlint.mesh.protocols import Protocol
from meshlint.mesh.settings import OutboundPolicy
from meshlint.mesh.waypoints import Waypoint
from meshlint.resources.istio.sidecar import Sidecar
from meshlint.traffic.entries import CLOSED, Entry, Forward, Layer, Respond, RouteTable, Target
from meshlint.traffic.gateway_api_tables import kubernetes_gateway_table
from meshlint.traffic.gateway_tables import gateway_table
from meshlint.traffic.hops import Hop, hops
from meshlint.traffic.istio_matches import EVERYTHING
from meshlint.traffic.layers import open_port
from meshlint.traffic.onward import Station, next_client, next_request, station
from meshlint.traffic.request import Client, Request
from meshlint.traffic.sidecar_scopes import SidecarScope, sidecar_scope
from meshlint.traffic.sidecar_tables import sidecar_table

BAD_GATEWAY = 502
_GIVEN_UP = 503


@frozen(eq=False, repr=False)
class Passed:
    """An entry before the one that won, with the first demand that the request does not meet."""

    entry: Entry
    failure: str


@frozen(eq=False, repr=False)
class Way:
    """What becomes of a request, or of a connection where the proxy sees none.

    `entry` is the line of the table that takes it, `passed` the earlier ones that do not; `hops` are the
    destinations. `status` is set where no destination answers, `CLOSED` (0) where the connection is closed
    without an answer, and `reason` says why. `undecided` holds what files do not tell and the answer depends
    on. `layer` is what the proxy sees; `sidecar` the Sidecar that limits what the client knows; `waypoint`
    the waypoint whose routes these are.
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
    layer: Layer = Layer.HTTP
    sidecar: Sidecar | None = None
    waypoint: Waypoint | None = None

    @property
    def is_closed(self) -> bool:
        """Whether the connection is closed without an answer."""
        return self.status == CLOSED


def way(mesh: Mesh, client: Client, request: Request, trail: tuple[Station, ...] = ()) -> Way:
    """The way of a request or a connection from a client of Istio.

    Proxies go by the host header where they see requests; where they do not, by the host that is connected
    to, and gateways by the server name (Istio: which VirtualService wins). Where a hop leads to a gateway,
    the way goes on from there; `trail` are the stations before it, none for a way of its own.
    """
    scope = sidecar_scope(mesh, client)
    host = full_host(mesh, client, request.host)
    table = _asked(mesh, client, request, host)
    if request.named_host != request.host and (table is None or table.layer is Layer.HTTP):
        host = full_host(mesh, client, request.named_host)
        table = _asked(mesh, client, request, host)
    if table is None:
        return unrouted(mesh, scope, request, host)
    found = follow(mesh, client, request, host, table)
    found = _with_onward(mesh, found, (*trail, station(client, request)))
    return found if scope.sidecar is None else evolve(found, sidecar=scope.sidecar)


def _with_onward(mesh: Mesh, found: Way, trail: tuple[Station, ...]) -> Way:
    """A way whose hops to gateways go on from there, until it comes to a station for the second time."""
    hops: list[Hop] = []
    assumed: list[str] = []
    for hop in found.hops:
        after = next_client(mesh, hop)
        if after is None:
            hops.append(_through_waypoint(mesh, found, hop) if found.client.is_gateway else hop)
            continue
        client, assumption = after
        request = next_request(found.request, found.entry, hop, found.layer)
        again = station(client, request) in trail
        onward = _given_up(client, request) if again else way(mesh, client, request, trail)
        hops.append(evolve(hop, onward=onward))
        assumed.extend(text for text in (assumption, *onward.undecided) if text)
    return evolve(found, hops=tuple(hops), undecided=tuple(dict.fromkeys((*found.undecided, *assumed))))


def _through_waypoint(mesh: Mesh, found: Way, hop: Hop) -> Hop:
    """A gateway's hop to a service that asks for its waypoint goes on there (Istio: ingress waypoints)."""
    from meshlint.traffic.ambient_way import enrolment_of_host, waypoint_way

    known = mesh.hosts.known(hop.host)
    if hop.status is not None or known is None or known.service is None:
        return hop
    enrolment = enrolment_of_host(mesh, known)
    asked = mesh.waypoints.ingress_uses(known.service)
    if not asked or enrolment is None or not enrolment.is_served or enrolment.waypoint is None:
        return hop
    request = next_request(found.request, found.entry, hop, found.layer)
    return evolve(hop, onward=waypoint_way(mesh, enrolment.waypoint, found.client, request, known))


def _given_up(client: Client, request: Request) -> Way:
    reason = "the way comes back to this gateway, so it goes round until it is given up"
    return Way(request, client, request.named_host, None, None, (), (), _GIVEN_UP, reason, ())


def _asked(mesh: Mesh, client: Client, request: Request, host: str) -> RouteTable | None:
    tls, name = request.is_encrypted, request.server_name
    return table_for(mesh, client, host, request.port, tls=tls, server_name=name, scheme=request.scheme)


def table_for(
    mesh: Mesh,
    client: Client,
    host: str,
    port: int,
    *,
    tls: bool = False,
    server_name: str | None = None,
    scheme: str | None = None,
) -> RouteTable | None:
    """The route table of a client for a full host name and port; None where it knows nothing of them.

    `tls` says that the client itself encrypts, `server_name` what for, by default the host.
    """
    for name in sorted(client.gateways):
        kubernetes = mesh.gateways.kubernetes_named(gateway_name(name, client.namespace))
        if kubernetes is not None:
            asked = server_name if tls else None
            return kubernetes_gateway_table(mesh, kubernetes, host, port, server_name=asked)
    if client.is_gateway:
        return gateway_table(mesh, client, host, port, tls=tls, server_name=server_name)
    return sidecar_table(mesh, client, host, port, scheme=scheme or ("https" if tls else "http"))


def follow(mesh: Mesh, client: Client, request: Request, host: str, table: RouteTable) -> Way:
    """What a route table does with a request."""
    if table.layer is Layer.HTTP and request.scheme in ("tcp", "tls"):
        reason = "the proxy expects HTTP on this port, and the connection carries none"
        return Way(request, client, host, table, None, (), (), CLOSED, reason, table.undecided)
    entry, passed = choose(table.entries, request)
    status, reason, found = _outcome(mesh, client, request, entry, table)
    undecided = (*table.undecided, *_unknown_address(request, passed), *_of_policies(found))
    return Way(request, client, host, table, entry, passed, found, status, reason, undecided, table.layer)


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
    if client.is_gateway or ":" in name:  # an address of IPv6 is no name that could be completed
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


def _of_policies(found: Iterable[Hop]) -> Iterator[str]:
    yield from dict.fromkeys(text for hop in found for text in hop.policy.undecided)


def _unknown_address(request: Request, passed: Iterable[Passed]) -> Iterator[str]:
    """What is left to the address that is connected to, where an earlier route asks only for that."""
    for one in passed:
        if request.address is None and one.failure == "destination address":
            yield f"a route of {one.entry.owner} comes first for the addresses that it names"
            return


def _outcome(
    mesh: Mesh, client: Client, request: Request, entry: Entry | None, table: RouteTable
) -> tuple[int | None, str, tuple[Hop, ...]]:
    if entry is None:
        what = "request" if table.layer is Layer.HTTP else "connection"
        return table.unmatched, f"no route takes the {what}", ()
    if isinstance(entry.action, Respond):
        closed = table.layer is not Layer.HTTP
        return CLOSED if closed else entry.action.status, entry.action.reason, ()
    found = tuple(hops(mesh, client, entry.action, request.port, table.layer))
    if not found:
        return 503 if table.layer is Layer.HTTP else CLOSED, "the route has no destination", ()
    return None, "", found


def unrouted(mesh: Mesh, scope: SidecarScope, request: Request, host: str) -> Way:
    """What becomes of traffic of which the client's proxy knows nothing."""
    status, reason = _without_table(mesh, scope, request, host)
    layer = Layer.HTTP if request.scheme == "http" else Layer.TCP
    proxy = scope.egress_proxy
    if status is not None or scope.sidecar is None or proxy is None:
        return Way(
            request,
            scope.client,
            host,
            None,
            None,
            (),
            (),
            status,
            reason,
            scope.undecided,
            layer,
            scope.sidecar,
        )
    full = mesh.hosts.expand(proxy.host or "", scope.sidecar.resource.namespace)
    target = Target(proxy.field, full, Fraction(1), proxy.port, proxy.subset)
    action = Forward((target,))
    entry = Entry(scope.sidecar.resource, proxy.field, None, EVERYTHING, action)
    found = tuple(hops(mesh, scope.client, action, request.port, Layer.TCP))
    table = RouteTable(host, (entry,), (), CLOSED, Layer.TCP)
    return Way(
        request,
        scope.client,
        host,
        table,
        entry,
        (),
        found,
        None,
        "",
        scope.undecided,
        Layer.TCP,
        scope.sidecar,
    )


def _without_table(mesh: Mesh, scope: SidecarScope, request: Request, host: str) -> tuple[int | None, str]:
    if scope.client.is_gateway:
        closed = request.scheme != "http"
        return CLOSED if closed else 404, "no server of the gateway takes the host on this port"
    unknown = _why_unknown(mesh, scope, request, host)
    if unknown == _NOT_PROXIED:
        return None, "the port is not one of TCP, so the mesh leaves it alone"
    if scope.outbound_policy is OutboundPolicy.REGISTRY_ONLY:
        status = BAD_GATEWAY if request.scheme == "http" else CLOSED
        return status, f"{unknown}, and only known ones may be called"
    return None, f"{unknown}, so the connection passes through as it is"


def _why_unknown(mesh: Mesh, scope: SidecarScope, request: Request, host: str) -> str:
    """Why a proxy knows no host of that name on that port."""
    seen = mesh.hosts.seen_from(host, scope.client.namespace)
    if seen is None:
        hidden = mesh.hosts.known(host) is not None
        return "the host is not exported to the client" if hidden else "the mesh does not know the host"
    if scope.sidecar is not None and not scope.imports_host(seen, request.port):
        return f"{scope.sidecar.resource} does not let the host in"
    opened = open_port(seen, request.port)
    if opened is not None and opened.protocol is Protocol.UDP:
        return _NOT_PROXIED
    return f"the host has no port {request.port}"


_NOT_PROXIED = "not proxied"
