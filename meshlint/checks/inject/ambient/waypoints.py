"""Labels that ask for waypoints which serve nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.shared.wording import did_you_mean
from meshlint.checks.world import World
from meshlint.documents import Text
from meshlint.mesh import Mesh
from meshlint.mesh.workloads.waypoints import USE_WAYPOINT, Enrolled, Enrolment
from meshlint.resources.resource import Resource
from meshlint.security.membership.istio import DATAPLANE_MODE, istio_ambient

Parameters = Mapping[str, Any]
_TRAFFIC = frozenset({"service", "workload", "all", "none"})


def missing(world: World, _: Parameters) -> Iterator[Hit]:
    """A label that names a waypoint which does not exist."""
    for resource, label, enrolment in _asking(world.mesh):
        if enrolment.state is Enrolled.MISSING:
            yield Hit(
                label.field,
                f"{resource} asks for waypoint '{label}', which does not exist, so calls skip L7 policies",
                resource=resource,
                hint=_meant(enrolment),
            )


def _meant(enrolment: Enrolment) -> str:
    """Which waypoint may have been meant, and what is to be written for it."""
    nearest = next(iter(enrolment.nearest), "")
    namespace, slash, _ = nearest.partition("/")
    if slash:
        return f"Write `{USE_WAYPOINT}-namespace: {namespace}` beside the label to mean '{nearest}'."
    where = (
        f"the object's own namespace, or in the one that '{USE_WAYPOINT}-namespace' beside the label names"
    )
    return f"{did_you_mean(enrolment.nearest)}A waypoint is looked up in {where}."


def refused(world: World, _: Parameters) -> Iterator[Hit]:
    """A label that names a waypoint which takes nothing from the object's namespace."""
    for resource, label, enrolment in _asking(world.mesh):
        waypoint = enrolment.waypoint
        if enrolment.state is not Enrolled.REFUSED or waypoint is None or waypoint.gateway is None:
            continue
        yield Hit(
            label.field,
            f"{resource} asks for {waypoint}, which takes nothing from here, so calls skip L7 policies",
            resource=resource,
            hint="Let the namespace in with `allowedRoutes.namespaces` of the waypoint's listener.",
            related=(Related(waypoint.gateway.resource.spec / "listeners", "the waypoint's listeners"),),
        )


def other_traffic(world: World, _: Parameters) -> Iterator[Hit]:
    """A label of a Service or of pods that names a waypoint for something else."""
    for resource, label, enrolment in _asking(world.mesh):
        waypoint = enrolment.waypoint
        if enrolment.state is not Enrolled.OTHER_TRAFFIC or waypoint is None:
            continue
        if resource.kind != "Namespace" and waypoint.serves in _TRAFFIC:
            yield Hit(
                label.field,
                f"{resource} asks for {waypoint}, which is for '{waypoint.serves}', so calls go past it",
                resource=resource,
                hint="Label the waypoint 'istio.io/waypoint-for: all', or ask for another one.",
            )


def outside_ambient(world: World, _: Parameters) -> Iterator[Hit]:
    """A namespace that asks for a waypoint while none of its pods is in ambient mode."""
    for resource, label, _enrolment in _asking(world.mesh):
        if resource.kind != "Namespace" or label == "none":
            continue
        workloads = world.mesh.workloads.in_namespace(resource.name)
        if workloads and all(istio_ambient(world.mesh, one).is_absent for one in workloads):
            yield Hit(
                label.field,
                f"{resource} asks for a waypoint but is not in ambient mode, so its pods' calls go past it",
                resource=resource,
                hint=f"Label it '{DATAPLANE_MODE}: ambient', or remove the label.",
            )


def _asking(mesh: Mesh) -> Iterator[tuple[Resource, Text, Enrolment]]:
    """Everything with a label of its own that names a waypoint, and what comes of it."""
    for namespace in mesh.resources.of("", "Namespace"):
        if USE_WAYPOINT in namespace.labels:
            yield namespace, namespace.labels[USE_WAYPOINT], mesh.waypoints.of_namespace(namespace.name)
    for service in mesh.services.all:
        if USE_WAYPOINT in service.labels:
            yield service.resource, service.labels[USE_WAYPOINT], mesh.waypoints.of_service(service)
    for entry in mesh.service_entries:
        if USE_WAYPOINT in entry.labels:
            yield entry.resource, entry.labels[USE_WAYPOINT], mesh.waypoints.of_entry(entry)
    for workload in mesh.workloads.all:
        if USE_WAYPOINT in workload.pod.labels:
            label = workload.pod.labels[USE_WAYPOINT]
            yield workload.resource, label, mesh.waypoints.of_workload(workload)
