"""Routes that the Gateways and ListenerSets they name do not take."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

from meshlint.mesh import Mesh
from meshlint.mesh.hosts.full_view import FullView, looks_like_slip
from meshlint.mesh.parts import by_name
from meshlint.mesh.remembered import remembered
from meshlint.resources.gateway_api.listener import Listener, ListenerSet
from meshlint.resources.gateway_api.reference import GROUP, ParentRef, Reference
from meshlint.resources.gateway_api.route import AnyRoute
from meshlint.resources.versions import distance
from meshlint.traffic.status.listeners import Owner
from meshlint.traffic.status.parents import Denial
from meshlint.traffic.status.statuses import ParentStatus, Statuses
from meshlint.values import frozen

_GATEWAYS = ((GROUP, "Gateway"),)
_SAME_DIRECTORY = 1


class AttachmentFault(Enum):
    """Why a route does not attach to a Gateway."""

    MISSING = "there is no such Gateway"
    NO_LISTENER = "it has no such listener"
    NAMESPACE = "it takes no routes from this namespace"
    KIND = "its listener takes no routes of this kind"
    HOSTNAME = "none of the host names is one of its listeners'"


_FAULTS = {
    Denial.NO_LISTENER: AttachmentFault.NO_LISTENER,
    Denial.NAMESPACE: AttachmentFault.NAMESPACE,
    Denial.KIND: AttachmentFault.KIND,
    Denial.HOSTNAME: AttachmentFault.HOSTNAME,
}


@frozen(eq=False)
class Attachment:
    """A parent reference to a Gateway or a ListenerSet with the listeners that take the route.

    `fault` tells why surely none does, `owner` whose listeners are meant.
    """

    route: AnyRoute
    parent: ParentRef
    owner: Owner | None
    listeners: tuple[Listener, ...]
    fault: AttachmentFault | None


def attachments(mesh: Mesh, statuses: Statuses) -> Iterator[Attachment]:
    """Every parent reference to listeners that are in view, or to a Gateway that is surely missing."""
    view = mesh.hosts.full_view
    for status in statuses.parents:
        if status.owner is not None:
            owner = status.owner
            is_gateway = owner.resource.kind == "Gateway"
            several = is_gateway and (owner.namespace, owner.name) in statuses.repeated_gateways
            yield _attachment(status, owner, is_meant=not several or _are_beside(status, owner))
        elif status.parent.is_a(GROUP, "Gateway") and is_missing(mesh, view, status.parent):
            yield Attachment(status.route, status.parent, None, (), AttachmentFault.MISSING)


def _are_beside(status: ParentStatus, owner: Owner) -> bool:
    away = distance(status.route.resource.document.file, owner.resource.document.file)
    return away <= _SAME_DIRECTORY


def _attachment(status: ParentStatus, owner: Owner, *, is_meant: bool) -> Attachment:
    """A reference to listeners; where it is open which of several versions is meant, nothing is at fault."""
    taken = status.taking
    fault = None
    if is_meant and taken is not None and taken.taken is False and taken.denial is not None:
        fault = _FAULTS[taken.denial]
    listeners = tuple(one.listener for one in status.listeners)
    return Attachment(status.route, status.parent, owner, listeners, fault)


def lost_listener_sets(mesh: Mesh, statuses: Statuses) -> Iterator[ListenerSet]:
    """ListenerSets whose Gateway surely does not exist."""
    view = mesh.hosts.full_view
    gateways = {(one.namespace, one.name) for one in mesh.kubernetes_gateways}
    for one in statuses.listener_sets:
        parent = one.parent_ref
        if (parent.namespace, parent.name) not in gateways and is_missing(mesh, view, parent):
            yield one


def is_missing(mesh: Mesh, view: FullView, parent: ParentRef | Reference) -> bool:
    """Whether a Gateway that is named is surely nowhere."""
    known = _gateway_names(mesh).get(str(parent.namespace), ())
    slip = looks_like_slip(str(parent.name), known)
    # Gateways further up may be another application's, unless one has nearly that name.
    if not mesh.namespaces.shows(str(parent.namespace), _GATEWAYS, parent.field, around=slip):
        return False
    return mesh.settings.complete or slip or view.of_gateways(str(parent.namespace), known)


@remembered
def _gateway_names(mesh: Mesh) -> dict[str, tuple[str, ...]]:
    """The names of the Gateways of each namespace."""
    return by_name((one.namespace, one.name) for one in mesh.kubernetes_gateways)
