"""Policies for workloads that speak HTTP and nothing else, as far as the files show."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.mesh import Mesh
from meshlint.mesh.remembered import remembered
from meshlint.resources.istio.authorization_policy import AuthorizationPolicy
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.istio import Chain
from meshlint.security.transport.inbound import chains, service_ports


def on_http_alone(mesh: Mesh) -> Iterator[AuthorizationPolicy]:
    """Policies that attach to workloads in the files, all of whose Services' ports are declared as HTTP."""
    for policy in mesh.authorization_policies.all:
        selected = mesh.authorization_policies.selected(policy)
        if selected and all(_speaks_http(mesh, workload) for workload in selected):
            yield policy


@remembered
def _speaks_http(mesh: Mesh, workload: Workload) -> bool:
    targets = {target for found in service_ports(mesh, workload).values() for target in found}
    return bool(targets) and all(chains(mesh, workload, port) == (Chain.HTTP,) for port in targets)
