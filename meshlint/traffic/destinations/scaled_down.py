"""Destinations that get requests although their workloads are scaled to nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from meshlint.mesh import Mesh
from meshlint.mesh.namespaces.placement import belong_together
from meshlint.mesh.remembered import remembered
from meshlint.resources.istio.destination import RouteDestination
from meshlint.resources.istio.virtual_service import VirtualService
from meshlint.resources.kubernetes.service import Service
from meshlint.resources.kubernetes.workload import Workload
from meshlint.resources.resource import Resource
from meshlint.traffic.destinations.endpoints import subset_workloads
from meshlint.values import frozen

_SCALED = ("scaleTargetRef", "targetRef", "workloadRef")


@frozen(eq=False, repr=False)
class ScaledDown:
    """A destination with a share of the requests all of whose workloads have no replicas."""

    virtual_service: VirtualService
    entry: RouteDestination
    workloads: tuple[Workload, ...]


def are_stopped(mesh: Mesh, service: Service, workloads: Collection[Workload]) -> bool:
    """Whether `workloads`, those of a service or its subset, surely run no pod: all have no replicas."""
    return _run_no_pod(mesh, workloads) and _is_sure(mesh, service)


def scaled_down(mesh: Mesh) -> Iterator[ScaledDown]:
    """Every destination behind which no pod runs: its share gets status 503 (Istio: weights are kept)."""
    is_any = any(_is_idle(mesh, one) for one in mesh.workloads.all)
    for virtual_service in mesh.virtual_services if is_any else ():
        for route in virtual_service.routes:
            for entry in route.route:
                shares = len(route.route) == 1 or bool(entry.weight and entry.weight > 0)
                found = _workloads(mesh, virtual_service, entry) if shares else ()
                if _run_no_pod(mesh, found):
                    yield ScaledDown(virtual_service, entry, found)


def _workloads(mesh: Mesh, virtual_service: VirtualService, entry: RouteDestination) -> tuple[Workload, ...]:
    place = entry.destination
    host = mesh.hosts.expand(place.host or "", virtual_service.resource.namespace)
    known = mesh.hosts.known(host)
    if known is None or known.service is None or known.entries or not _is_sure(mesh, known.service):
        return ()
    if not place.subset:
        return mesh.services.backing(known.service)
    subsets = [
        subset
        for rule in mesh.destination_rules.naming(host)
        for subset in rule.subsets
        if subset.name == place.subset
    ]
    return tuple(one for each in subsets for one in subset_workloads(mesh, known.service, each.labels))


@remembered
def _is_sure(mesh: Mesh, service: Service) -> bool:
    """Whether the service and its workloads are written once, and in one place."""
    workloads = mesh.services.backing(service)
    names = {(one.kind, one.namespace, one.name) for one in workloads}
    together = all(belong_together(service.resource, one.resource) for one in workloads)
    return together and len(names) == len(workloads) and len(mesh.services.alternatives(service)) == 1


def _run_no_pod(mesh: Mesh, workloads: Collection[Workload]) -> bool:
    return bool(workloads) and all(_is_idle(mesh, one) for one in workloads)


def _is_idle(mesh: Mesh, workload: Workload) -> bool:
    """Whether a workload has no replicas, and no autoscaler nor a controller of canaries scales it."""
    return workload.replicas == 0 and (workload.namespace, workload.name) not in _scaled(mesh)


@remembered
def _scaled(mesh: Mesh) -> frozenset[tuple[str, str]]:
    """The namespaces and names of what others scale."""
    return frozenset(
        (resource.namespace, str((resource.spec / key).text("name") or ""))
        for resource in mesh.picked(mesh.resources.resources, _may_scale)
        for key in _SCALED
        if key in resource.spec
    )


def _may_scale(resource: Resource) -> bool:
    """Whether an object names something to scale: all are asked, and few do."""
    spec = resource.field.value.get("spec")
    return isinstance(spec, dict) and any(key in spec for key in _SCALED)
