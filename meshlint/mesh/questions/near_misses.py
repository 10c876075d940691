"""Selectors that miss, by a little, the pods that they are meant for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from meshlint.mesh.mesh import Mesh
from meshlint.mesh.names.slips import slip_of
from meshlint.mesh.namespaces.placement import belong_together
from meshlint.resources import Resource
from meshlint.resources.kubernetes.workload import Workload


def nearly_selected(mesh: Mesh, resource: Resource, labels: Mapping[str, str]) -> Workload | None:
    """The workload that a selector of `resource` was surely meant for, where it picks no pod of its own.

    The pods of a selector may come from elsewhere, so this takes evidence: the labels stand on the workload
    and not on its pods, or on a Service of them, or its pods have all of them but for a slip in one value.
    """
    for workload in mesh.workloads.in_namespace(resource.namespace):
        if _is_missed(workload, labels) and belong_together(resource, workload.resource):
            return workload
    return next(_behind_labelled(mesh, resource, labels), None)


def _behind_labelled(mesh: Mesh, resource: Resource, labels: Mapping[str, str]) -> Iterator[Workload]:
    """The workloads behind the Services of the same namespace that have the labels themselves."""
    for service in mesh.services.in_namespace(resource.namespace) if labels else ():
        if labels.items() <= service.labels.items() and belong_together(resource, service.resource):
            yield from mesh.services.backing(service)


def _is_missed(workload: Workload, labels: Mapping[str, str]) -> bool:
    if workload.kind != "Pod" and labels.items() <= workload.labels.items():
        return True
    pod = workload.pod.labels
    wrong = [key for key, value in labels.items() if pod.get(key) != value]
    return len(wrong) == 1 and wrong[0] in pod and slip_of(labels[wrong[0]], (pod[wrong[0]],)) is not None
