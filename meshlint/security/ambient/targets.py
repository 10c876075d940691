"""What the policies that are meant for waypoints name, and whether a waypoint serves it."""

from __future__ import annotations

from functools import cached_property

from meshlint.mesh import Mesh
from meshlint.mesh.names.expansion import ServiceName
from meshlint.mesh.namespaces.placement import belong_together
from meshlint.mesh.policies.attachment import Attachable, target_of
from meshlint.mesh.workloads.waypoints import Enrolled, Enrolment
from meshlint.resources.istio.selection import TargetRef
from meshlint.resources.istio.service_entry import ServiceEntry
from meshlint.resources.resource import Resource
from meshlint.security.membership.istio import DATAPLANE_MODE, INJECTION, REVISION
from meshlint.values import frozen

_MODES = (DATAPLANE_MODE, INJECTION, REVISION)


@frozen(eq=False, repr=False)
class Targeted:
    """A Service or ServiceEntry that a policy names, and the waypoint that serves it."""

    resource: Resource
    enrolment: Enrolment
    is_headless: bool = False


@frozen(eq=False, slots=False, repr=False)
class WaypointTargets:
    """The Services and ServiceEntries in the files, as `targetRefs` name them."""

    mesh: Mesh

    @cached_property
    def _entries(self) -> dict[tuple[str, str], ServiceEntry]:
        return {(one.namespace, one.name): one for one in reversed(self.mesh.service_entries)}

    def of(self, policy: Attachable, ref: TargetRef) -> Targeted | None:
        """What `ref` of a policy names, which lies beside the policy; None if it is not in the files."""
        named, place = target_of(ref), policy.resource.namespace
        found: Targeted | None = None
        if named is not None and named[:2] == ("", "Service"):
            service = self.mesh.services.get(ServiceName(place, named[2]))
            if service is not None:
                found = Targeted(
                    service.resource, self.mesh.waypoints.of_service(service), service.is_headless
                )
        elif named is not None and named[:2] == ("networking.istio.io", "ServiceEntry"):
            entry = self._entries.get((place, named[2]))
            if entry is not None:
                found = Targeted(entry.resource, self.mesh.waypoints.of_entry(entry))
        return found if found is not None and belong_together(policy.resource, found.resource) else None


def is_settled(mesh: Mesh, namespace: str, enrolment: Enrolment) -> bool:
    """Whether the files tell what keeps an object without a waypoint.

    Labels are often put on a namespace by hand: then its file says nothing of how it takes part in the mesh.
    """
    if enrolment.state is Enrolled.OPTED_OUT or mesh.settings.complete:
        return True
    labels = mesh.namespaces.labels(namespace) or {}
    return enrolment.state is Enrolled.NOT_ASKED and any(mode in labels for mode in _MODES)
