"""The mesh as a picture."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.api.project import Project
from meshlint.mesh import Mesh
from meshlint.mesh.calls import Call as MeshCall
from meshlint.mesh.calls import calls
from meshlint.mesh.relations import mesh_graph
from meshlint.reports.picture import Call, Link, Node, Picture
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.istio_injection import istio_ambient, istio_sidecar
from meshlint.security.linkerd_injection import linkerd_proxy
from meshlint.security.membership import Presence
from meshlint.security.server_mtls import workload_mtls


def picture(project: Project) -> Picture:
    """Everything in view, how it hangs together, and the calls that the manifests tell of."""
    graph = mesh_graph(project.mesh)
    nodes = tuple(Node(node.id, str(node.kind), node.name, node.namespace) for node in graph.nodes)
    links = tuple(
        Link(edge.source.id, edge.target.id, str(edge.relation), edge.label) for edge in graph.edges
    )
    return Picture(nodes, links, tuple(sorted(_calls(project.mesh))))


def _calls(mesh: Mesh) -> Iterator[Call]:
    for call in calls(mesh):
        servers = mesh.services.backing(call.service)
        accounts = sorted({_account(server) for server in servers})
        secured, detail = _secured(mesh, call.client, servers)
        yield Call(
            client=f"{call.client.namespace}/{call.client.name}",
            server=f"{call.service.namespace}/{call.service.name}",
            port=str(call.port or _only_port(call) or ""),
            client_identity=_account(call.client),
            server_identity=", ".join(accounts),
            secured=secured,
            detail=detail,
        )


def _account(workload: Workload) -> str:
    return f"{workload.pod.service_account_name}.{workload.namespace}"


def _only_port(call: MeshCall) -> int | None:
    ports = call.service.ports
    return ports[0].port if len(ports) == 1 else None


def _secured(mesh: Mesh, client: Workload, servers: tuple[Workload, ...]) -> tuple[str, str]:
    """How the calls travel, and what decides it."""
    if not servers:
        return "unknown", "the pods of the service are not in the files"
    if _presence(mesh, client, linkerd=True) is Presence.PRESENT:
        return _by_proxies([_presence(mesh, server, linkerd=True) for server in servers], "Linkerd")
    own = _presence(mesh, client)
    theirs = [_presence(mesh, server) for server in servers]
    if own is Presence.PRESENT:
        return _by_proxies(theirs, "Istio")
    if own is Presence.UNKNOWN:
        return "unknown", f"the namespace {client.namespace} is not in the files"
    if Presence.PRESENT in theirs and any(
        workload_mtls(mesh, server).accepts_plaintext is False for server in servers
    ):
        return "refused", "the client is not in the mesh and the server demands mutual TLS"
    return "plaintext", "the client is not in the mesh"


def _by_proxies(servers: list[Presence], mesh: str) -> tuple[str, str]:
    if all(presence is Presence.PRESENT for presence in servers):
        return "mutual TLS", f"both sides have {mesh}'s proxy"
    if all(presence is Presence.ABSENT for presence in servers):
        return "plaintext", "the server is not in the mesh"
    if Presence.UNKNOWN in servers:
        return "unknown", "the server's namespace is not in the files"
    return "partly", "some of the server's workloads are not in the mesh"


def _presence(mesh: Mesh, workload: Workload, *, linkerd: bool = False) -> Presence:
    if linkerd:
        return linkerd_proxy(mesh, workload).presence
    found = {istio_sidecar(mesh, workload).presence, istio_ambient(mesh, workload).presence}
    for presence in (Presence.PRESENT, Presence.UNKNOWN):
        if presence in found:
            return presence
    return Presence.ABSENT
