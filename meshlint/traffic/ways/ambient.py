"""The way of a request from a client in ambient mode, whose routes are those of waypoints."""

from __future__ import annotations

from meshlint.mesh import Mesh
from meshlint.mesh.hosts.registry import Host
from meshlint.mesh.workloads.waypoints import Enrolment, Waypoint
from meshlint.security.ambient.waypoints import addressed
from meshlint.traffic.request import Client, Request
from meshlint.traffic.tables.ambient.waypoints import waypoint_client, waypoint_table
from meshlint.traffic.tables.istio.layers import open_port
from meshlint.traffic.ways.following import follow, full_host
from meshlint.traffic.ways.plain import plain_way
from meshlint.traffic.ways.way import Way
from meshlint.values import evolve


def ambient_way(mesh: Mesh, client: Client, request: Request) -> Way:
    """The way of a request from a client in ambient mode.

    ztunnel opens the connection as it is, or to the waypoint that serves the service; only there do routes
    count (Istio: ambient).
    """
    host = full_host(mesh, client, request.host)
    known = mesh.hosts.known(host)
    enrolment = None if known is None else enrolment_of_host(mesh, known)
    waypoint = None if enrolment is None or enrolment.is_served is False else enrolment.waypoint
    if known is None or enrolment is None or waypoint is None:
        return plain_way(mesh, client, request)
    found = waypoint_way(mesh, waypoint, client, request, known) or plain_way(mesh, client, request)
    if enrolment.is_served is None:
        note = f"whether {waypoint} serves the host is not in the files"
        return evolve(found, undecided=(*found.undecided, note))
    return found


def enrolment_of_host(mesh: Mesh, known: Host) -> Enrolment | None:
    """Which waypoint serves calls to a host; None for one whose pods are called themselves."""
    if known.service is not None:
        called = addressed(known.service)
        return None if called is None else mesh.waypoints.of_service(called)
    return mesh.waypoints.of_entry(known.entries[0]) if known.entries else None


def waypoint_way(mesh: Mesh, waypoint: Waypoint, client: Client, request: Request, known: Host) -> Way | None:
    """The way of a request through a waypoint; None where the waypoint does not see the port."""
    port = open_port(known, request.port)
    table = None if port is None else waypoint_table(mesh, waypoint, known, port, request.scheme)
    if table is None:
        return None
    found = follow(mesh, waypoint_client(waypoint), request, known.name, table)
    return evolve(found, client=client, waypoint=waypoint)
