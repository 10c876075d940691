"""The way of a request from a client with a proxy of Istio, and on from each gateway that it comes to."""

from __future__ import annotations

from meshlint.mesh import Mesh
from meshlint.mesh.questions.sidecar_scopes import sidecar_scope
from meshlint.traffic.request import Client, Request
from meshlint.traffic.tables.entries import CLOSED, Layer, RouteTable
from meshlint.traffic.tables.istio.listeners import unserved_by
from meshlint.traffic.ways.ambient import enrolment_of_host, waypoint_way
from meshlint.traffic.ways.following import follow, full_host, table_for
from meshlint.traffic.ways.onward import Station, next_client, next_request, station
from meshlint.traffic.ways.unrouted import unrouted
from meshlint.traffic.ways.way import Hop, Way
from meshlint.values import evolve

_GIVEN_UP = 503


def way(mesh: Mesh, client: Client, request: Request, trail: tuple[Station, ...] = ()) -> Way:
    """The way of a request or a connection from a client of Istio.

    Proxies go by the host header where they see requests; where they do not, by the host that is connected
    to, and gateways by the server name (Istio: which VirtualService wins). Where a hop leads to a gateway,
    the way goes on from there; `trail` are the stations before it, none for a way of its own.
    """
    scope = sidecar_scope(mesh, client)
    host = full_host(mesh, client, request.host)
    reason = unserved_by(mesh, client, request)
    if reason is not None:
        return Way(request, client, host, None, None, (), (), CLOSED, reason, ())
    table = _asked(mesh, client, request, host)
    if request.named_host != request.host and (table is None or table.layer is Layer.HTTP):
        host = full_host(mesh, client, request.named_host)
        if client.is_gateway:
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
    return table_for(
        mesh,
        client,
        host,
        request.port,
        tls=tls,
        server_name=name,
        scheme=request.scheme,
        named=request.named_host,
    )
