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
    for workload in _missed(mesh, resource.namespace, labels):
        if belong_together(resource, workload.resource):
            return workload
    return next(_behind_labelled(mesh, resource, labels), None)


def _behind_labelled(mesh: Mesh, resource: Resource, labels: Mapping[str, str]) -> Iterator[Workload]:
    """The workloads behind the Services of the same namespace that have the labels themselves."""
    for service in mesh.services.in_namespace(resource.namespace) if labels else ():
        if labels.items() <= service.labels.items() and belong_together(resource, service.resource):
            yield from mesh.services.backing(service)


def _missed(mesh: Mesh, namespace: str, labels: Mapping[str, str]) -> Iterator[Workload]:
    """The workloads of a namespace that labels miss by a little, in their order."""
    missed = set(mesh.workloads.labelled_themselves(namespace, labels))
    for key in labels:
        missed.update(_with_slip(mesh, namespace, labels, key))
    yield from (one for one in mesh.workloads.in_namespace(namespace) if one in missed) if missed else ()


def _with_slip(mesh: Mesh, namespace: str, labels: Mapping[str, str], key: str) -> Iterator[Workload]:
    """The workloads whose pods have all labels but for a slip in that of `key`, as few values are."""
    rest = {other: value for other, value in labels.items() if other != key}
    beside = [one for one in mesh.workloads.labelled(namespace, rest) if key in one.pod.labels]
    held = {one.pod.labels[key] for one in beside}
    slips = {value for value in held if slip_of(labels[key], (value,)) is not None}
    for one in beside if slips else ():
        # Those that injectors add are not what an author read on the pods.
        if one.pod.labels[key] in slips and rest.items() <= one.pod.labels.items():
            yield one
