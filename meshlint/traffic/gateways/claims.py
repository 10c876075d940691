"""Gateways that check the tokens whose claims routes are chosen by."""

from __future__ import annotations

from meshlint.matching import LabelSelector
from meshlint.mesh import Found, Mesh
from meshlint.mesh.remembered import remembered
from meshlint.resources.istio.gateway import Gateway
from meshlint.resources.istio.request_authentication import request_authentication
from meshlint.resources.istio.virtual_service import MESH_GATEWAY, VirtualService
from meshlint.resources.kubernetes.workload import Workload
from meshlint.resources.resource import Resource


def unchecked_gateways(mesh: Mesh, virtual_service: VirtualService) -> tuple[Resource, ...]:
    """The Gateways of a VirtualService whose pods are in view and check no tokens."""
    found: list[Gateway] = []
    for reference in virtual_service.gateways:
        bound = mesh.gateways.resolve(reference, virtual_service.resource.namespace)
        if reference != MESH_GATEWAY and isinstance(bound, Found):
            found.extend(bound.target)
    return tuple(
        gateway.resource
        for gateway in found
        if (pods := mesh.gateways.pods(gateway)) and not any(_checks_tokens(mesh, pod) for pod in pods)
    )


@remembered
def _checks_tokens(mesh: Mesh, pod: Workload) -> bool:
    """Whether a RequestAuthentication of its namespace or the root namespace is for a pod."""
    for namespace in {pod.namespace, mesh.settings.root_namespace}:
        for resource in mesh.living("security.istio.io", "RequestAuthentication", namespace):
            policy = mesh.view(resource, request_authentication)
            labels = policy.selector.labels if policy.selector is not None else {}
            if policy.target_refs or LabelSelector.of(labels).admits(pod.pod.labels):
                return True
    return False
