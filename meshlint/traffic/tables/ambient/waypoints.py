"""The route table that a waypoint has for a service that it serves.

A waypoint takes VirtualServices for the mesh from its own namespace and from that of the service, all of them
one after the other, and routes of the Gateway API that are attached to the service (Istio: waypoints).
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from meshlint.mesh import Mesh
from meshlint.mesh.hosts.protocols import HostPort
from meshlint.mesh.hosts.registry import Host
from meshlint.mesh.names.expansion import service_name
from meshlint.mesh.workloads.waypoints import Waypoint
from meshlint.resources.istio.http_match import HttpMatch
from meshlint.resources.istio.l4_route import L4Match
from meshlint.resources.istio.virtual_service import MESH_GATEWAY, VirtualService
from meshlint.traffic.conditions.istio import EVERYTHING
from meshlint.traffic.request import Client
from meshlint.traffic.tables.entries import CLOSED, Entry, Forward, Layer, RouteTable, Target
from meshlint.traffic.tables.gateway_api.routes import service_table
from meshlint.traffic.tables.istio.connections import tcp_chains, tls_chains
from meshlint.traffic.tables.istio.layers import port_layer
from meshlint.traffic.tables.istio.precedence import ranked, undecided_ages
from meshlint.traffic.tables.istio.routes import applies, http_entries


def waypoint_client(waypoint: Waypoint) -> Client:
    """The client that a waypoint is for what it calls: one of its namespace that knows all ports."""
    return Client(waypoint.namespace, {}, frozenset({MESH_GATEWAY}))


def waypoint_table(
    mesh: Mesh, waypoint: Waypoint, known: Host, port: HostPort, scheme: str
) -> RouteTable | None:
    """What a waypoint does with traffic to a port of a service; None for what it does not see.

    TLS is looked at before bytes: a port of TLS without a TLS route follows the TCP routes.
    """
    layer = port_layer(port.protocol, scheme)
    if layer is None:
        return None
    named = service_name(known.name, mesh.settings.cluster_domain)
    routes = None if named is None else service_table(mesh, waypoint.namespace, named, port.number, layer)
    if routes is not None:
        return routes.table
    client = waypoint_client(waypoint)
    found = ranked(mesh, _taken(mesh, waypoint, known), client)
    if layer is Layer.HTTP:
        return _http_table(mesh, client, found, known, port.number)
    return _connection_table(mesh, client, found, known, port.number, layer)


def _taken(mesh: Mesh, waypoint: Waypoint, known: Host) -> Iterator[VirtualService]:
    places = (waypoint.namespace, known.namespace)
    for _pattern, virtual_service in mesh.virtual_services.for_mesh.overlapping(known.pattern):
        if virtual_service.resource.namespace in places:
            yield virtual_service


def _http_table(
    mesh: Mesh, client: Client, found: tuple[VirtualService, ...], known: Host, port: int
) -> RouteTable:
    """All VirtualServices together, in their order. A match by labels of the caller is left out: the waypoint
    does not know them.
    """
    entries: list[Entry] = []
    owners: list[VirtualService] = []
    for one in found:
        own = [entry for entry in http_entries(mesh, one, client, port) if not _by_labels(entry)]
        entries += own
        owners += [one] if own else []
    if not entries:
        return RouteTable(known.name, (_itself(known, port),))
    return RouteTable(known.name, tuple(entries), undecided_ages(mesh, owners, client))


def _by_labels(entry: Entry) -> bool:
    places = (entry.match, entry.outer)
    return any(place is not None and bool((place / "sourceLabels").value) for place in places)


def _connection_table(
    mesh: Mesh, client: Client, found: tuple[VirtualService, ...], known: Host, port: int, layer: Layer
) -> RouteTable:
    def takes(owner: VirtualService, match: HttpMatch | L4Match) -> bool:
        plain = not match.source_labels and not match.source_namespace
        return plain and applies(match, owner.resource.namespace, client, port)

    def names_only(owner: VirtualService, match: L4Match) -> bool:
        names = tuple(name.lower() for name in match.sni_hosts)
        return names == (known.name,) and takes(owner, match)

    chains = tls_chains(mesh, found, names_only) if layer is Layer.TLS else tcp_chains(mesh, found, takes)
    if layer is Layer.TLS and not chains.made:
        chains = tcp_chains(mesh, found, takes)
    owners = tuple(dict.fromkeys(chain.owner for chain in (*chains.made, *chains.left_out)))
    undecided = undecided_ages(mesh, owners, client) if chains.left_out else ()
    entries = chains.entries or (_itself(known, port),)
    return RouteTable(known.name, entries, undecided, CLOSED, layer)


def _itself(known: Host, port: int) -> Entry:
    owner = known.service.resource if known.service is not None else known.entries[0].resource
    action = Forward((Target(owner.spec, known.name, Fraction(1), port),))
    return Entry(owner, owner.spec, None, EVERYTHING, action)
