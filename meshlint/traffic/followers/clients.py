"""Whose proxies follow a VirtualService, as far as the files show them."""

from __future__ import annotations

from meshlint.mesh import Found, Mesh
from meshlint.mesh.remembered import remembered
from meshlint.mesh.routing.virtual_services import is_for_mesh
from meshlint.resources.istio.virtual_service import MESH_GATEWAY, VirtualService


@remembered
def client_namespaces(mesh: Mesh, virtual_service: VirtualService) -> tuple[str, ...]:
    """The namespaces in view whose pods are clients: those with workloads, or with the gateway's pods.

    A VirtualService that others delegate to has their clients.
    """
    if not virtual_service.is_delegate:
        return _of_root(mesh, virtual_service)
    roots = mesh.virtual_services.roots(virtual_service)
    return tuple(sorted({namespace for root in roots for namespace in _of_root(mesh, root)}))


def _of_root(mesh: Mesh, virtual_service: VirtualService) -> tuple[str, ...]:
    clients = gateway_namespaces(mesh, virtual_service)
    visible = mesh.virtual_services.visibility(virtual_service)
    if is_for_mesh(virtual_service):
        clients.add(virtual_service.resource.namespace)
        if visible.everywhere and all(one in mesh.workloads.within for one in clients):
            return mesh.workloads.namespaces
        clients.update(mesh.workloads.namespaces)
    return tuple(sorted(clients if visible.everywhere else clients & visible.namespaces))


def gateway_namespaces(mesh: Mesh, virtual_service: VirtualService) -> set[str]:
    """The namespaces of the pods of a VirtualService's gateways, as far as these are in view."""
    found: set[str] = set()
    for reference in virtual_service.gateways_or_mesh:
        if reference != MESH_GATEWAY:
            bound = mesh.gateways.resolve(reference, virtual_service.resource.namespace)
            gateways = bound.target if isinstance(bound, Found) else ()
            found.update(pod.namespace for gateway in gateways for pod in mesh.gateways.pods(gateway))
    return found
