"""From the objects of a mesh to the nodes and edges of its graph."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from meshlint.mesh.graph.calls import calls
from meshlint.mesh.graph.graph import Edge, MeshGraph, Node, NodeKind, Relation
from meshlint.mesh.mesh import Mesh
from meshlint.mesh.routing.gateways import gateway_name
from meshlint.resources import Resource
from meshlint.resources.gateway_api.route import AnyRoute
from meshlint.resources.istio.destination import RouteDestination
from meshlint.resources.istio.virtual_service import MESH_GATEWAY, VirtualService
from meshlint.resources.kubernetes.service import Service
from meshlint.resources.kubernetes.workload import Workload


def mesh_graph(mesh: Mesh) -> MeshGraph:
    """The graph of everything in view."""
    nodes = [Node(NodeKind.NAMESPACE, "", name) for name in sorted(mesh.resources.namespaces)]
    edges = [
        *_workloads(mesh),
        *_routes(mesh),
        *_subsets(mesh),
        *_gateways(mesh),
        *_policies(mesh),
        *_calls(mesh),
    ]
    return MeshGraph.of([*nodes, *(service_node(service) for service in mesh.services.all)], edges)


def workload_node(workload: Workload) -> Node:
    """The node of a workload."""
    return Node(NodeKind.WORKLOAD, workload.namespace, workload.name, workload.kind)


def service_node(service: Service) -> Node:
    """The node of a Kubernetes Service."""
    return Node(NodeKind.SERVICE, service.namespace, service.name)


def object_node(kind: NodeKind, resource: Resource) -> Node:
    """The node of a route, a gateway or a policy."""
    return Node(kind, resource.namespace, resource.name, resource.kind)


def host_node(mesh: Mesh, host: str, namespace: str) -> Node:
    """The node of what `host` means to an object in `namespace`: a Service, or a host outside."""
    name = mesh.hosts.expand(host, namespace)
    known = mesh.hosts.known(name)
    if known is not None and known.service is not None:
        return service_node(known.service)
    return Node(NodeKind.EXTERNAL_HOST, "", name)


def _workloads(mesh: Mesh) -> Iterator[Edge]:
    for workload in mesh.workloads.all:
        node = workload_node(workload)
        account = Node(NodeKind.IDENTITY, workload.namespace, workload.pod.service_account_name)
        yield Edge(node, account, Relation.RUNS_AS)
        for service in mesh.services.of(workload):
            yield Edge(node, service_node(service), Relation.BACKS)


def _routes(mesh: Mesh) -> Iterator[Edge]:
    for virtual_service in mesh.virtual_services:
        yield from _virtual_service(mesh, virtual_service)
    for route in mesh.routes:
        yield from _route(route)


def _virtual_service(mesh: Mesh, virtual_service: VirtualService) -> Iterator[Edge]:
    node = object_node(NodeKind.ROUTE, virtual_service.resource)
    namespace = virtual_service.resource.namespace
    for reference in virtual_service.gateways_or_mesh:
        if reference != MESH_GATEWAY:
            name = gateway_name(reference, namespace)
            yield Edge(node, Node(NodeKind.GATEWAY, name.namespace, name.name, "Gateway"), Relation.BINDS)
    for host in virtual_service.hosts:
        if not host.startswith("*"):
            yield Edge(node, host_node(mesh, host, namespace), Relation.ATTACHES_TO)
    routes = [route.route for route in virtual_service.http]
    routes += [route.route for route in (*virtual_service.tls, *virtual_service.tcp)]
    for entries in routes:
        for entry in entries:
            yield from _destination(mesh, node, namespace, entry, _share(entry, entries))


def _destination(
    mesh: Mesh, node: Node, namespace: str, entry: RouteDestination, label: str
) -> Iterator[Edge]:
    host, subset = entry.destination.host, entry.destination.subset
    if not host:
        return
    target = host_node(mesh, host, namespace)
    if subset:
        part = Node(NodeKind.SUBSET, target.namespace, f"{target.name}:{subset}")
        yield Edge(part, target, Relation.IS_PART_OF)
        target = part
    yield Edge(node, target, Relation.ROUTES_TO, label)


def _share(entry: RouteDestination, entries: tuple[RouteDestination, ...]) -> str:
    if len(entries) < 2:
        return ""
    total = sum(max(one.weight or 0, 0) for one in entries)
    return f"{float(Fraction(100 * max(entry.weight or 0, 0), total)):.3g} %" if total > 0 else ""


def _route(route: AnyRoute) -> Iterator[Edge]:
    node = object_node(NodeKind.ROUTE, route.resource)
    for parent in route.parent_refs:
        kind = NodeKind.SERVICE if parent.kind == "Service" else NodeKind.GATEWAY
        kind = NodeKind.POLICY if parent.kind in ("Server", "EgressNetwork") else kind
        type_ = "" if kind is NodeKind.SERVICE else str(parent.kind)
        yield Edge(node, Node(kind, parent.namespace, parent.name or "", type_), Relation.ATTACHES_TO)
    for rule in route.rules:
        total = sum(max(ref.weight, 0) for ref in rule.backend_refs)
        for ref in rule.backend_refs:
            several = len(rule.backend_refs) > 1 and total > 0
            label = f"{float(Fraction(100 * ref.weight, total)):.3g} %" if several else ""
            target = Node(NodeKind.SERVICE, ref.namespace, ref.name or "")
            yield Edge(node, target, Relation.ROUTES_TO, label)


def _subsets(mesh: Mesh) -> Iterator[Edge]:
    for rule in mesh.destination_rules.all:
        target = host_node(mesh, rule.host or "", rule.resource.namespace)
        policy = object_node(NodeKind.POLICY, rule.resource)
        yield Edge(policy, target, Relation.CONFIGURES)
        for subset in rule.subsets:
            part = Node(NodeKind.SUBSET, target.namespace, f"{target.name}:{subset.name}")
            yield Edge(part, target, Relation.IS_PART_OF)


def _gateways(mesh: Mesh) -> Iterator[Edge]:
    for gateway in mesh.gateways.all:
        for workload in mesh.gateways.pods(gateway):
            node = object_node(NodeKind.GATEWAY, gateway.resource)
            yield Edge(node, workload_node(workload), Relation.SELECTS)


def _policies(mesh: Mesh) -> Iterator[Edge]:
    for policy in mesh.authorization_policies.all:
        for workload in mesh.authorization_policies.selected(policy):
            node = object_node(NodeKind.POLICY, policy.resource)
            yield Edge(node, workload_node(workload), Relation.ATTACHES_TO)
    for server in mesh.linkerd.servers:
        for workload in mesh.linkerd.selected(server):
            node = object_node(NodeKind.POLICY, server.resource)
            yield Edge(node, workload_node(workload), Relation.SELECTS)
    for grant in mesh.linkerd.authorization_policies:
        for server in mesh.linkerd.targets(grant):
            target = object_node(NodeKind.POLICY, server.resource)
            yield Edge(object_node(NodeKind.POLICY, grant.resource), target, Relation.ATTACHES_TO)


def _calls(mesh: Mesh) -> Iterator[Edge]:
    for call in calls(mesh):
        yield Edge(workload_node(call.client), service_node(call.service), Relation.CALLS)
