"""Whether a workload is in Istio's mesh, by a sidecar or in ambient mode."""

from __future__ import annotations

from meshlint.mesh import Mesh
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.membership.istio import istio_ambient, istio_sidecar


def is_meshed(mesh: Mesh, workload: Workload) -> bool:
    """Whether a workload is surely in Istio's mesh, by a sidecar or in ambient mode."""
    return istio_sidecar(mesh, workload).is_present or istio_ambient(mesh, workload).is_present
