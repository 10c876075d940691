"""Whether a selector picks pods, those that no file shows included."""

from __future__ import annotations

from collections.abc import Mapping

from meshlint.mesh.hosts.made_services import made_for
from meshlint.mesh.mesh import Mesh
from meshlint.mesh.questions.machines import may_select_machines
from meshlint.mesh.remembered import remembered
from meshlint.resources import Resource
from meshlint.resources.kubernetes.carriers import CARRIERS
from meshlint.resources.kubernetes.workload import is_workload


def may_select(mesh: Mesh, namespace: str, labels: Mapping[str, str]) -> bool:
    """Whether `labels` pick pods of a namespace, or may pick some: machines, pods that the files leave
    without a namespace, or such as an operator makes for a custom object beside them.
    """
    found = mesh.workloads.labelled(None, labels)
    if any(one.namespace == namespace or not one.resource.names_namespace for one in found):
        return True
    if may_select_machines(mesh, namespace, labels):
        return True
    return any(_may_label(resource, labels) for resource in _operated(mesh).get(namespace, ()))


@remembered
def _operated(mesh: Mesh) -> Mapping[str, tuple[Resource, ...]]:
    """The custom objects of each namespace of which only an operator knows what it makes of them in whole."""
    found: dict[str, list[Resource]] = {}
    for resource in made_for(mesh.resources):
        is_carrier = (resource.group, resource.kind) in CARRIERS
        if is_carrier or not is_workload(resource):
            found.setdefault(resource.namespace, []).append(resource)
    return {namespace: tuple(resources) for namespace, resources in found.items()}


def _may_label(resource: Resource, labels: Mapping[str, str]) -> bool:
    """Whether pods made for an object may have `labels`, as operators give them: the object's own, its name,
    and keys of the operator's domain (Strimzi: `strimzi.io/cluster`; KServe:
    `serving.kserve.io/inferenceservice`).
    """
    own = resource.labels
    if all(own.get(key) == value for key, value in labels.items()):
        return bool(labels)
    domains = (key.partition("/")[0] for key in labels if "/" in key)
    return resource.name in labels.values() or any(_is_of(domain, resource.group) for domain in domains)


def _is_of(domain: str, group: str) -> bool:
    return f".{group}".endswith(f".{domain}") or f".{domain}".endswith(f".{group}")
