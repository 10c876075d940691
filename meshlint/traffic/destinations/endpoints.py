"""Which pods stand behind a service and its subsets."""

from __future__ import annotations

from collections.abc import Mapping

from meshlint.matching import LabelSelector
from meshlint.mesh import Mesh
from meshlint.mesh.namespaces.placement import belong_together
from meshlint.resources.kubernetes.rollout import passing_labels
from meshlint.resources.kubernetes.service import Service
from meshlint.resources.kubernetes.workload import Workload

_SET_BY_OTHERS = ("topology.istio.io/", "topology.kubernetes.io/", "security.istio.io/", "istio.io/")
"""Labels of endpoints that no pod template shows: the mesh, the node or the injector sets them."""


def subset_workloads(mesh: Mesh, service: Service, labels: Mapping[str, str]) -> tuple[Workload, ...]:
    """The workloads whose pods are in the subset of `service` that `labels` pick."""
    backing = mesh.services.backing(service)
    return tuple(one for one in backing if labels.items() <= one.pod_labels.items())


def has_pods(mesh: Mesh, service: Service, labels: Mapping[str, str]) -> bool | None:
    """Whether any endpoint of `service` is in the subset that `labels` pick; None where files do not tell.

    They tell only if workloads of the service are in view and no label is one that is set at run time.
    """
    backing = mesh.services.backing(service)
    if not backing:
        return None
    if not labels or subset_workloads(mesh, service, labels):
        return True
    if any(label.startswith(_SET_BY_OTHERS) for label in labels):
        return None
    if any(set(labels) & workload.controller_labels for workload in backing):
        return None
    passing = (found for workload in backing for found in passing_labels(workload))
    if any(LabelSelector.of(labels).admits(found) for found in passing):
        return None
    if not all(belong_together(service.resource, workload.resource) for workload in backing):
        return None
    return None if _has_entries(mesh, service) else False


def _has_entries(mesh: Mesh, service: Service) -> bool:
    """Whether machines outside of Kubernetes may be endpoints as well."""
    kinds = (("networking.istio.io", "WorkloadEntry"), ("networking.istio.io", "WorkloadGroup"))
    return any(
        resource.namespace == service.namespace
        for group, kind in kinds
        for resource in mesh.resources.of(group, kind)
    )
