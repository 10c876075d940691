"""The calls that the files show, from pods to pods, with what routes do to their requests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from meshlint.documents import Field
from meshlint.journeys.dialled import Dialled, dialled
from meshlint.journeys.settings import NOTHING, Route, route_settings, whatever_route
from meshlint.mesh import Mesh
from meshlint.mesh.graph.calls import Call, calls
from meshlint.mesh.graph.graph import Edge, MeshGraph, Node, NodeKind, Relation
from meshlint.mesh.graph.relations import workload_node
from meshlint.mesh.hosts.protocols import Protocol, service_port_protocol
from meshlint.mesh.remembered import remembered
from meshlint.resources.kubernetes.service import Service
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.membership.belonging import belonging
from meshlint.security.membership.presence import Dataplane
from meshlint.traffic.effects.in_force import effects_in_force
from meshlint.traffic.request import Client, Request
from meshlint.traffic.tables.ambient.waypoints import waypoint_client, waypoint_table
from meshlint.traffic.tables.entries import Entry, Forward, Layer, RouteTable
from meshlint.traffic.tables.istio.layers import open_port
from meshlint.traffic.tables.istio.listeners import Listener, bound
from meshlint.traffic.tables.istio.routes import http_entries
from meshlint.traffic.ways.ambient import enrolment_of_host
from meshlint.traffic.ways.clients import gateway_client, workload_client
from meshlint.traffic.ways.following import table_for
from meshlint.traffic.ways.hops import hops as destinations
from meshlint.traffic.ways.linkerd import linkerd_table_for
from meshlint.values import frozen

_OF_GRPC = frozenset({Protocol.GRPC, Protocol.GRPC_WEB})


@frozen(eq=False, repr=False)
class Hop:
    """Requests of a workload or a gateway that come to the pods of a workload.

    `because` shows the call: the value that names the Service, or a gateway's route. `route` is what holds
    for all requests that take this hop.
    """

    client: Node
    server: Node
    because: Field
    route: Route


@remembered
def hops(mesh: Mesh) -> tuple[Hop, ...]:
    """Every hop that the files show, in the order of the callers."""
    found = [*_from_workloads(mesh), *_from_gateways(mesh)]
    return tuple(sorted(found, key=lambda hop: (hop.client, hop.server)))


def hop_graph(found: Iterable[Hop]) -> MeshGraph:
    """The hops as a graph of callers and called."""
    return MeshGraph.of((), (Edge(hop.client, hop.server, Relation.CALLS) for hop in found))


def _from_workloads(mesh: Mesh) -> Iterator[Hop]:
    for call in calls(mesh):
        asked = dialled(call)
        if asked is not None:
            client = workload_node(call.client)
            for server, route in _called(mesh, call, asked):
                yield Hop(client, workload_node(server), call.because.field, route)


def _called(mesh: Mesh, call: Call, asked: Dialled) -> Iterator[tuple[Workload, Route]]:
    """The workloads that requests of a call come to."""
    found = _table(mesh, call, asked) if asked.is_plain else None
    if found is None or found[0].layer is not Layer.HTTP or found[0].undecided:
        yield from ((server, NOTHING) for server in mesh.services.backing(call.service))
        return
    table, client = found
    is_grpc = _is_grpc(call.service, asked.port)
    reached = _reached(mesh, table, client, asked.port, is_grpc=is_grpc)
    yield from reached


def _is_grpc(service: Service, port: int) -> bool:
    written = service.port(port)
    return written is not None and service_port_protocol(written) in _OF_GRPC


def _table(mesh: Mesh, call: Call, asked: Dialled) -> tuple[RouteTable, Client | None] | None:
    """The route table that decides on a call, and the client of Istio that holds it; None without any."""
    client = workload_client(call.client)
    host = mesh.hosts.service_name(call.service).host(mesh.settings.cluster_domain)
    dataplane = belonging(mesh, call.client).dataplane
    if dataplane is Dataplane.ISTIO_SIDECAR:
        table = table_for(mesh, client, host, asked.port)
        return None if table is None else (table, client)
    if dataplane is Dataplane.LINKERD:
        table = linkerd_table_for(mesh, client, host, Request(host, asked.port))
        return None if table is None or table.refusal else (table, None)
    return _waypoint(mesh, host, asked.port) if dataplane is Dataplane.ISTIO_AMBIENT else None


def _waypoint(mesh: Mesh, host: str, port: int) -> tuple[RouteTable, Client | None] | None:
    known = mesh.hosts.known(host)
    enrolment = None if known is None else enrolment_of_host(mesh, known)
    opened = None if known is None else open_port(known, port)
    if known is None or opened is None or enrolment is None or enrolment.waypoint is None:
        return None
    table = waypoint_table(mesh, enrolment.waypoint, known, opened, "http") if enrolment.is_served else None
    return None if table is None else (table, waypoint_client(enrolment.waypoint))


def _reached(
    mesh: Mesh, table: RouteTable, client: Client | None, port: int, *, is_grpc: bool
) -> Iterator[tuple[Workload, Route]]:
    """The workloads that entries of a table lead to, each with what holds for all entries that do."""
    routes: dict[Workload, list[Route]] = {}
    for entry in table.entries:
        effects = effects_in_force(mesh, table, entry, by_linkerd=client is None)
        route = route_settings(effects, entry.owner, is_grpc=is_grpc)
        for server in dict.fromkeys(_servers(mesh, entry, client, port)):
            routes.setdefault(server, []).append(route)
    for server, found in routes.items():
        yield server, whatever_route(found)


def _servers(mesh: Mesh, entry: Entry, client: Client | None, port: int) -> Iterator[Workload]:
    if not isinstance(entry.action, Forward):
        return
    if client is not None:
        for hop in destinations(mesh, client, entry.action, port):
            yield from (hop.workloads or ()) if hop.part else ()
        return
    for target in entry.action.targets:
        known = mesh.hosts.known(target.host) if target.part and target.status is None else None
        if known is not None and known.service is not None:
            yield from mesh.services.backing(known.service)


def _from_gateways(mesh: Mesh) -> Iterator[Hop]:
    """The hops from Gateways of Istio by the VirtualServices that their servers follow."""
    for gateway in mesh.gateways.all:
        resource = gateway.resource
        node = Node(NodeKind.GATEWAY, resource.namespace, resource.name, resource.kind)
        pods = mesh.gateways.pods(gateway)
        client = gateway_client(mesh, pods[0]) if pods else None
        client = client or Client(
            resource.namespace, {}, frozenset({f"{resource.namespace}/{resource.name}"})
        )
        routes: dict[Workload, list[tuple[Field, Route]]] = {}
        for server in gateway.servers:
            for workload, field, route in _entered(mesh, client, Listener(gateway, server)):
                routes.setdefault(workload, []).append((field, route))
        for workload, found in routes.items():
            yield Hop(node, workload_node(workload), found[0][0], whatever_route(one for _, one in found))


def _entered(mesh: Mesh, client: Client, listener: Listener) -> Iterator[tuple[Workload, Field, Route]]:
    port = listener.server.port.number
    if port is None or listener.layer is not Layer.HTTP:
        return
    for virtual_service in bound(mesh, client, listener):
        table = RouteTable("*", http_entries(mesh, virtual_service, client, port))
        for entry in table.entries:
            effects = effects_in_force(mesh, table, entry, by_linkerd=False)
            route = route_settings(effects, entry.owner, is_grpc=False)
            for server in dict.fromkeys(_servers(mesh, entry, client, port)):
                yield server, entry.at, route
