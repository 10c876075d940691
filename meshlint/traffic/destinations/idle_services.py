"""Services that no pod stands behind."""

from __future__ import annotations

from collections.abc import Mapping

from meshlint.matching import LabelSelector
from meshlint.mesh import Mesh
from meshlint.mesh.namespaces.namespaces import WORKLOADS
from meshlint.mesh.namespaces.placement import is_beside
from meshlint.mesh.remembered import remembered
from meshlint.resources.kubernetes.rollout import passing_labels
from meshlint.resources.kubernetes.service import Service
from meshlint.resources.kubernetes.workload import Workload
from meshlint.values import frozen


@frozen(eq=False, repr=False)
class IdleService:
    """A Service whose selector picks no pod, though `workload` of the same name lies beside it."""

    service: Service
    workload: Workload


@remembered
def idle_services(mesh: Mesh) -> Mapping[Service, IdleService]:
    """Every Service that selects nothing beside a workload that it is named like.

    Pods of other names may be made elsewhere, so their absence proves nothing.
    """
    found = (idle_service(mesh, service) for service in mesh.services.all)
    return {one.service: one for one in found if one is not None}


def idle_service(mesh: Mesh, service: Service) -> IdleService | None:
    """What is to be said of one Service that selects nothing beside a workload that it is named like."""
    if not service.selector or service.is_external_name or mesh.services.backing(service):
        return None
    twin = _namesake(mesh, service)
    is_idle = twin is not None and not _has_other_endpoints(mesh, service)
    return IdleService(service, twin) if twin is not None and is_idle else None


def _namesake(mesh: Mesh, service: Service) -> Workload | None:
    """The workload of the Service's name in one of the files beside it, none of whose labels is left open."""
    file = service.field.document.file
    here = mesh.workloads.within.get(service.namespace)
    for one in () if here is None else here.by_name.get(service.name, ()):
        if is_beside(file, one.field.document.file):
            open_labels = set(service.selector or {}) & one.controller_labels
            if not open_labels and not _passes(service, one):
                return one
    return None


def _passes(service: Service, workload: Workload) -> bool:
    """Whether a rollout gives pods the labels that the Service selects while it runs."""
    selector = LabelSelector.of(service.selector or {})
    return any(selector.admits(labels) for labels in passing_labels(workload))


def _has_other_endpoints(mesh: Mesh, service: Service) -> bool:
    """Whether machines, or pods that patches label, may stand behind it."""
    kinds = (("networking.istio.io", "WorkloadEntry"), ("networking.istio.io", "WorkloadGroup"))
    called = service.namespace, service.name
    machines = (mesh.resources.living(*kind, service.namespace) for kind in kinds)
    namesakes = sum(len(mesh.resources.called(*kind, *called)) for kind in WORKLOADS)
    return namesakes > 1 or any(machines)
