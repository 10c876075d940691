"""The mesh as a picture."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from meshlint.api.reading.project import Project
from meshlint.mesh import Mesh
from meshlint.mesh.graph.calls import Call as MeshCall
from meshlint.mesh.graph.calls import calls
from meshlint.mesh.graph.graph import Edge, MeshGraph
from meshlint.mesh.graph.relations import call_graph, mesh_graph, service_node, workload_node
from meshlint.reports.access.answer import EdgeRow
from meshlint.reports.graph.picture import Call, Drawable, Link, Node
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.access import AccessDecision, AccessDesk, AccessRequest, Destination, combined
from meshlint.security.membership.belonging import belonging
from meshlint.security.transport.calls import Transport
from meshlint.values import frozen

_UNKNOWN = "the pods of the service are not in the files"
_ANYTHING = frozenset({"headers", "claims", "metadata", "sni"})


@frozen(eq=False, slots=False, repr=False)
class Drawn:
    """Everything in view, how it hangs together, and the calls that the manifests tell of."""

    desk: AccessDesk

    @cached_property
    def nodes(self) -> tuple[Node, ...]:
        """Everything in view."""
        meshes = _meshes(self.desk.mesh)
        return tuple(
            Node(node.id, str(node.kind), node.name, node.namespace, meshes.get(node.id, ""))
            for node in self._graph.nodes
        )

    @cached_property
    def links(self) -> tuple[Link, ...]:
        """How the nodes hang together."""
        by_ends: dict[tuple[str, str], list[Call]] = {}
        for ends, call in self._decided:
            by_ends.setdefault(ends, []).append(call)
        return tuple(_link(edge, by_ends) for edge in self._graph.edges)

    @cached_property
    def calls(self) -> tuple[Call, ...]:
        """The calls between services and workloads."""
        return tuple(sorted(call for _, call in self._decided))

    @cached_property
    def rings(self) -> tuple[tuple[str, ...], ...]:
        """Workloads that call each other in a circle."""
        return tuple(tuple(node.id for node in ring) for ring in call_graph(self.desk.mesh).rings())

    @cached_property
    def _graph(self) -> MeshGraph:
        return mesh_graph(self.desk.mesh)

    @cached_property
    def _decided(self) -> tuple[tuple[tuple[str, str], Call], ...]:
        return tuple(_decided(self.desk))


def picture(project: Project) -> Drawable:
    """The picture of a project, each part of which is drawn when a format asks for it."""
    return Drawn(project.access_desk)


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
