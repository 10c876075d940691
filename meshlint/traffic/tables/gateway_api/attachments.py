"""What routes of the Gateway API attach to, and why some do not."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

from attrs import frozen

from meshlint.matching import LabelSelector, gateway_hostnames
from meshlint.mesh import Mesh
from meshlint.mesh.hosts.full_view import FullView, looks_like_slip
from meshlint.resources.gateway_api.gateway import Gateway
from meshlint.resources.gateway_api.listener import Listener
from meshlint.resources.gateway_api.reference import GROUP, ParentRef
from meshlint.resources.gateway_api.route import AnyRoute

_GATEWAYS = ((GROUP, "Gateway"),)
_KINDS = {
    "HTTP": frozenset({"HTTPRoute", "GRPCRoute"}),
    "HTTPS": frozenset({"HTTPRoute", "GRPCRoute"}),
    "TLS": frozenset({"TLSRoute", "TCPRoute"}),
    "TCP": frozenset({"TCPRoute"}),
    "UDP": frozenset({"UDPRoute"}),
}


class AttachmentFault(Enum):
    """Why a route does not attach to a Gateway."""

    MISSING = "there is no such Gateway"
    NO_LISTENER = "it has no such listener"
    NAMESPACE = "it takes no routes from this namespace"
    KIND = "its listener takes no routes of this kind"
    HOSTNAME = "none of the host names is one of its listeners'"


@frozen(eq=False)
class Attachment:
    """A parent reference to a Gateway, with the listeners that take the route; `fault` if none does."""

    route: AnyRoute
    parent: ParentRef
    gateway: Gateway | None
    listeners: tuple[Listener, ...]
    fault: AttachmentFault | None


def gateway_attachments(mesh: Mesh) -> Iterator[Attachment]:
    """Every parent reference to a Gateway that is in view, or that is surely missing."""
    gateways = {(one.namespace, one.name): one for one in mesh.kubernetes_gateways}
    view = FullView(mesh.resources, mesh.settings.cluster_domain)
    for route in mesh.routes:
        for parent in route.parent_refs:
            if parent.is_a(GROUP, "Gateway") and parent.name:
                gateway = gateways.get((parent.namespace, parent.name))
                if gateway is not None:
                    yield attach(mesh, route, parent, gateway)
                elif _is_missing(mesh, view, parent):
                    yield Attachment(route, parent, None, (), AttachmentFault.MISSING)


def _is_missing(mesh: Mesh, view: FullView, parent: ParentRef) -> bool:
    known = tuple(one.name for one in mesh.kubernetes_gateways if one.namespace == parent.namespace)
    slip = looks_like_slip(str(parent.name), known)
    # Gateways further up may be another application's, unless one has nearly that name.
    if not mesh.namespaces.shows(parent.namespace, _GATEWAYS, parent.field, around=slip):
        return False
    return mesh.settings.complete or slip or view.of_gateways(parent.namespace, known)


def attach(mesh: Mesh, route: AnyRoute, parent: ParentRef, gateway: Gateway) -> Attachment:
    """How a route attaches to a Gateway: the first thing that leaves no listener is the fault.

    (Gateway API: a listener takes a route by name and port, by its namespace, its kind and its hosts.)
    """
    left = tuple(one for one in gateway.listeners if _is_meant(one, parent))
    steps = (
        (AttachmentFault.NO_LISTENER, left),
        (AttachmentFault.NAMESPACE, tuple(one for one in left if _lets_in(mesh, one, gateway, route))),
    )
    for fault, kept in steps:
        if not kept:
            return Attachment(route, parent, gateway, (), fault)
        left = kept
    kinds = tuple(one for one in left if _takes_kind(one, route))
    if not kinds:
        return Attachment(route, parent, gateway, (), AttachmentFault.KIND)
    hosts = tuple(one for one in kinds if gateway_hostnames(one.hostname, route.hostnames))
    return Attachment(route, parent, gateway, hosts, None if hosts else AttachmentFault.HOSTNAME)


def _is_meant(listener: Listener, parent: ParentRef) -> bool:
    named = parent.section_name is None or parent.section_name == listener.name
    return named and (parent.port is None or parent.port == listener.port)


def _lets_in(mesh: Mesh, listener: Listener, gateway: Gateway, route: AnyRoute) -> bool:
    """Whether a listener takes routes of a namespace; unknown labels are given the benefit of the doubt."""
    allowed = listener.allowed_routes
    if allowed.namespaces_from == "All" or route.namespace == gateway.namespace:
        return True
    if allowed.namespaces_from != "Selector":
        return False
    labels = mesh.namespaces.labels(route.namespace)
    return labels is None or LabelSelector.read(allowed.selector.value).admits(labels)


def _takes_kind(listener: Listener, route: AnyRoute) -> bool:
    kinds = listener.allowed_routes.kinds
    if kinds:
        return any(one.kind == route.kind for one in kinds)
    return route.kind in _KINDS.get(str(listener.protocol or ""), frozenset({route.kind}))
