"""Routes that their Gateways do not take."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

from attrs import frozen

from meshlint.mesh import Mesh
from meshlint.mesh.hosts.full_view import FullView, looks_like_slip
from meshlint.resources.gateway_api.gateway import Gateway
from meshlint.resources.gateway_api.listener import Listener
from meshlint.resources.gateway_api.reference import GROUP, ParentRef
from meshlint.resources.gateway_api.route import AnyRoute
from meshlint.traffic.status.parents import Denial
from meshlint.traffic.status.statuses import ParentStatus, Statuses

_GATEWAYS = ((GROUP, "Gateway"),)


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
    """A parent reference to a Gateway with the listeners that take the route; `fault` if surely none does."""

    route: AnyRoute
    parent: ParentRef
    gateway: Gateway | None
    listeners: tuple[Listener, ...]
    fault: AttachmentFault | None


def gateway_attachments(mesh: Mesh, statuses: Statuses | None = None) -> Iterator[Attachment]:
    """Every parent reference to a Gateway that is in view, or that is surely missing."""
    view = FullView(mesh.resources, mesh.settings.cluster_domain)
    for status in (statuses or Statuses(mesh)).parents:
        if not status.parent.is_a(GROUP, "Gateway") or not status.parent.name:
            continue
        if status.gateway is not None:
            yield _attachment(status, status.gateway.gateway)
        elif _is_missing(mesh, view, status.parent):
            yield Attachment(status.route, status.parent, None, (), AttachmentFault.MISSING)


def _attachment(status: ParentStatus, gateway: Gateway) -> Attachment:
    taken = status.taking
    fault = None
    if taken is not None and taken.taken is False and taken.denial is not None:
        fault = _FAULTS[taken.denial]
    listeners = tuple(one.listener for one in status.listeners)
    return Attachment(status.route, status.parent, gateway, listeners, fault)


def _is_missing(mesh: Mesh, view: FullView, parent: ParentRef) -> bool:
    known = tuple(one.name for one in mesh.kubernetes_gateways if one.namespace == parent.namespace)
    slip = looks_like_slip(str(parent.name), known)
    # Gateways further up may be another application's, unless one has nearly that name.
    if not mesh.namespaces.shows(parent.namespace, _GATEWAYS, parent.field, around=slip):
        return False
    return mesh.settings.complete or slip or view.of_gateways(parent.namespace, known)
