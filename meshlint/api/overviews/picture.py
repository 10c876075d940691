"""The mesh as a picture."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.api.reading.project import Project
from meshlint.mesh import Mesh
from meshlint.mesh.graph.calls import Call as MeshCall
from meshlint.mesh.graph.calls import calls
from meshlint.mesh.graph.graph import Edge
from meshlint.mesh.graph.relations import call_graph, mesh_graph, service_node, workload_node
from meshlint.reports.access.answer import EdgeRow
from meshlint.reports.graph.picture import Call, Link, Node, Picture
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.access import AccessDecision, AccessDesk, AccessRequest, Destination, combined
from meshlint.security.membership.belonging import belonging
from meshlint.security.transport.calls import Transport

_UNKNOWN = "the pods of the service are not in the files"
_ANYTHING = frozenset({"headers", "claims", "metadata", "sni"})


def picture(project: Project) -> Picture:
    """Everything in view, how it hangs together, and the calls that the manifests tell of."""
    graph = mesh_graph(project.mesh)
    meshes = _meshes(project.mesh)
    nodes = tuple(
        Node(node.id, str(node.kind), node.name, node.namespace, meshes.get(node.id, ""))
        for node in graph.nodes
    )
    found = tuple(_decided(project.access_desk))
    by_ends: dict[tuple[str, str], list[Call]] = {}
    for ends, call in found:
        by_ends.setdefault(ends, []).append(call)
    links = tuple(_link(edge, by_ends) for edge in graph.edges)
    rings = tuple(tuple(node.id for node in ring) for ring in call_graph(project.mesh).rings())
    return Picture(nodes, links, tuple(sorted(call for _, call in found)), rings)


def _meshes(mesh: Mesh) -> dict[str, str]:
    """Whose proxy each workload has, by the id of its node."""
    found = {workload_node(one).id: belonging(mesh, one).dataplane for one in mesh.workloads.all}
    return {id: "none" if dataplane is None else dataplane.value for id, dataplane in found.items()}


def _link(edge: Edge, decided: dict[tuple[str, str], list[Call]]) -> Link:
    held = decided.get((edge.source.id, edge.target.id), [])
    transport, access = (
        " / ".join(sorted({word for word in words if word}))
        for words in ([call.secured for call in held], [call.access for call in held])
    )
    return Link(edge.source.id, edge.target.id, str(edge.relation), edge.label, transport, access)


def _decided(desk: AccessDesk) -> Iterator[tuple[tuple[str, str], Call]]:
    mesh = desk.mesh
    for call in calls(mesh):
        servers = mesh.services.backing(call.service)
        accounts = sorted({_account(server) for server in servers})
        secured, access, detail = _told(desk, mesh, call)
        ends = workload_node(call.client).id, service_node(call.service).id
        yield (
            ends,
            Call(
                client=f"{call.client.namespace}/{call.client.name}",
                server=f"{call.service.namespace}/{call.service.name}",
                port=str(call.port or _only_port(call) or ""),
                client_identity=_account(call.client),
                server_identity=", ".join(accounts),
                secured=secured,
                access=access,
                detail=detail,
            ),
        )


def _account(workload: Workload) -> str:
    return f"{workload.pod.service_account_name}.{workload.namespace}"


def _only_port(call: MeshCall) -> int | None:
    ports = call.service.ports
    return ports[0].port if len(ports) == 1 else None


def _told(desk: AccessDesk, mesh: Mesh, call: MeshCall) -> tuple[str, str, str]:
    """How the calls travel, whether they are let in, and what decides how they travel."""
    decision = _decision(desk, mesh, call)
    if decision is None:
        return "unknown", "", _UNKNOWN
    word = EdgeRow("", "", 0, decision).word
    is_mutual = decision.transport is Transport.MUTUAL_TLS
    return "mutual TLS" if is_mutual else decision.transport.value, word, decision.hop.reason


def _decision(desk: AccessDesk, mesh: Mesh, call: MeshCall) -> AccessDecision | None:
    service = call.service
    destination = Destination(service.namespace, service.name, mesh.services.backing(service), service)
    port = call.port or _only_port(call)
    names = desk.names
    targets = names.all_targets(destination) if port is None else names.targets(destination, port)
    request = AccessRequest(str(destination), port=port, left_open=_ANYTHING)
    decisions = tuple(desk.decide(call.client, target, request) for target in targets)
    return combined(decisions, "which of the workloads answers") if decisions else None
