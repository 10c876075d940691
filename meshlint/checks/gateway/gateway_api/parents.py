"""Routes of the Gateway API that the Gateways they name do not take."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.shared.wording import listed
from meshlint.checks.world import World
from meshlint.traffic.status.attachments import Attachment, AttachmentFault


def _told(world: World, fault: AttachmentFault) -> Iterator[Attachment]:
    return (one for one in world.traffic.attachments if one.fault is fault)


def parent_missing(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A route names a Gateway that does not exist."""
    for one in _told(world, AttachmentFault.MISSING):
        name = f"{one.parent.namespace}/{one.parent.name}"
        yield Hit(
            one.parent.field / "name",
            f"{one.route.resource} attaches to Gateway {name}, which does not exist, so it is idle",
            resource=one.route.resource,
            hint="Without `namespace` a parent is looked up in the namespace of the route.",
            about=name,
        )


def listener_missing(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A route names a listener that its Gateway does not have."""
    for one in _told(world, AttachmentFault.NO_LISTENER):
        key = "sectionName" if one.parent.section_name is not None else "port"
        wanted = one.parent.section_name if key == "sectionName" else one.parent.port
        names = [f"{listener.name}" for listener in (one.gateway.listeners if one.gateway else ())]
        yield Hit(
            one.parent.field / key,
            f"{one.route.resource} attaches to listener {str(wanted)!r} of {one.gateway}, "
            "which has none such, so it takes no requests",
            resource=one.route.resource,
            hint=f"It has {listed(names)}." if names else "It has no listeners.",
            about=str(wanted),
        )


def namespace_refused(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A Gateway takes no routes from the namespace of a route."""
    for one in _told(world, AttachmentFault.NAMESPACE):
        if one.gateway is not None:
            yield Hit(
                one.parent.field / "name",
                f"{one.route.resource} attaches to {one.gateway}, which takes no routes from "
                f"{one.route.namespace!r}, so it takes no requests",
                resource=one.route.resource,
                hint="Listeners take routes of their own namespace, unless `allowedRoutes` says more.",
                related=_listeners(one),
                about=str(one.gateway),
            )


def kind_refused(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """The listeners of a Gateway take no routes of a kind."""
    for one in _told(world, AttachmentFault.KIND):
        yield Hit(
            one.parent.field / "name",
            f"{one.route.resource} attaches to {one.gateway}, whose listeners take no {one.route.kind}, "
            "so it takes no requests",
            resource=one.route.resource,
            hint="HTTP and HTTPS take HTTPRoute and GRPCRoute, TLS takes TLSRoute, TCP takes TCPRoute.",
            related=_listeners(one),
            about=str(one.gateway),
        )


def hostname_refused(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """None of a route's host names is one of the listeners'."""
    for one in _told(world, AttachmentFault.HOSTNAME):
        names = [str(item.hostname) for item in (one.gateway.listeners if one.gateway else ())]
        yield Hit(
            one.route.resource.spec / "hostnames",
            f"{one.route.resource} is for {listed(one.route.hostnames)}, which {one.gateway} does not serve, "
            "so it takes no requests",
            resource=one.route.resource,
            on_key=True,
            hint=f"Its listeners are for {listed(names)}.",
            related=_listeners(one),
            about=str(one.gateway),
        )


def _listeners(one: Attachment) -> tuple[Related, ...]:
    if one.gateway is None:
        return ()
    return tuple(Related(listener.field, "a listener") for listener in one.gateway.listeners[:3])
