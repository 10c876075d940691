"""Workloads outside of Kubernetes: WorkloadEntries, and WorkloadGroups by which more of them register."""

from __future__ import annotations

from collections.abc import Mapping

from meshlint.matching import LabelSelector
from meshlint.mesh.mesh import Mesh
from meshlint.resources.istio.workload_entry import WorkloadEntry, workload_entry

_GROUP = "networking.istio.io"


def machines(mesh: Mesh) -> tuple[WorkloadEntry, ...]:
    """The WorkloadEntries that are objects of their own."""
    return mesh.views(_GROUP, "WorkloadEntry", workload_entry)


def may_select_machines(mesh: Mesh, namespace: str, labels: Mapping[str, str]) -> bool:
    """Whether `labels` pick a WorkloadEntry of a namespace, or may pick one that registers itself there."""
    if any(group.namespace == namespace for group in mesh.resources.of(_GROUP, "WorkloadGroup")):
        return True
    selector = LabelSelector.of(labels)
    return any(one.resource.namespace == namespace and selector.admits(one.labels) for one in machines(mesh))


def is_served_inside(mesh: Mesh, machine: WorkloadEntry) -> bool:
    """Whether a Service or a ServiceEntry for the inside of the mesh has `machine` as an endpoint."""
    namespace = machine.resource.namespace
    selectors = [
        entry.workload_selector.labels
        for entry in mesh.service_entries
        if entry.resource.namespace == namespace and not entry.is_external and entry.workload_selector
    ]
    selectors += [one.selector for one in mesh.services.in_namespace(namespace) if one.selector]
    return any(LabelSelector.of(selector).admits(machine.labels) for selector in selectors)
