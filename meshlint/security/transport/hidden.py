"""Services that a Sidecar hides from those who call them."""

from __future__ import annotations

from collections.abc import Sequence

from meshlint.mesh import Mesh
from meshlint.mesh.questions.led_to import leading_to
from meshlint.mesh.questions.sidecar_scopes import SidecarScope, sidecar_scope
from meshlint.mesh.remembered import remembered
from meshlint.mesh.settings.settings import OutboundPolicy
from meshlint.mesh.workloads.client import Client
from meshlint.mesh.workloads.gateways import is_gateway
from meshlint.resources import Resource
from meshlint.resources.kubernetes.service import Service
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.membership.istio import istio_sidecar


@remembered
def hiding_sidecar(mesh: Mesh, client: Workload, service: Service, port: int) -> SidecarScope | None:
    """What the client's proxy knows of the mesh, if its Sidecar surely leaves a Service out.

    What it does not know it passes on as it gets it, or refuses (Istio: outboundTrafficPolicy).
    """
    if not mesh.sidecars or is_gateway(client):
        return None
    labels = {key: str(value) for key, value in client.pod.labels.items()}
    scope = sidecar_scope(mesh, Client(client.namespace, labels))
    name = mesh.hosts.service_name(service).host(mesh.settings.cluster_domain)
    if scope.sidecar is None or scope.undecided or scope.imports_name(name, service.namespace, port):
        return None
    # What a route leads to is let in with it.
    return None if any(scope.imports_route(one, port) for one in leading_to(mesh, name)) else scope


def barring_sidecar(mesh: Mesh, client: Workload, called: Sequence[tuple[Service, int]]) -> Resource | None:
    """The Sidecar by which the client's proxy refuses some ports; None where it lets any through."""
    if not mesh.sidecars or not istio_sidecar(mesh, client).is_present:
        return None
    found = [hiding_sidecar(mesh, client, service, port) for service, port in called]
    scope = found[0] if found and all(found) else None
    if scope is None or scope.sidecar is None or scope.outbound_policy is OutboundPolicy.ALLOW_ANY:
        return None
    return scope.sidecar.resource
