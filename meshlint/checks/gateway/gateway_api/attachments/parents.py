"""Routes of the Gateway API that the Gateways they name do not take."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.shared.wording import listed
from meshlint.checks.world import World
from meshlint.traffic.status.attachments import Attachment, AttachmentFault, lost_listener_sets


def _told(world: World, fault: AttachmentFault) -> Iterator[Attachment]:
    return (one for one in world.traffic.attachments if one.fault is fault)


def parent_missing(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A route or a ListenerSet names a Gateway that does not exist."""
    for one in _told(world, AttachmentFault.MISSING):
        name = f"{one.parent.namespace}/{one.parent.name}"
        yield Hit(
            one.parent.field / "name",
            f"{one.route.resource} attaches to Gateway {name}, which does not exist, so it is idle",
            resource=one.route.resource,
            hint="Without `namespace` a parent is looked up in the namespace of the route.",
            about=name,
        )
    for lost in lost_listener_sets(world.mesh, world.traffic.status):
        name = f"{lost.parent_ref.namespace}/{lost.parent_ref.name}"
        yield Hit(
            lost.parent_ref.field / "name",
            f"{lost} adds listeners to Gateway {name}, which does not exist, so they are not opened",
            resource=lost.resource,
            hint="Without `namespace` a Gateway is looked up in the namespace of the ListenerSet.",
            about=name,
        )


def listener_missing(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A route names a listener that its Gateway does not have."""
    for one in _told(world, AttachmentFault.NO_LISTENER):
        key = "sectionName" if one.parent.section_name is not None else "port"
        wanted = one.parent.section_name if key == "sectionName" else one.parent.port
        names = [str(listener.name) for listener in (one.owner.listeners if one.owner else ())]
        yield Hit(
            one.parent.field / key,
            f"{one.route.resource} attaches to listener {str(wanted)!r} of {one.owner}, "
            "which has none such, so it takes no requests",
            resource=one.route.resource,
            hint=f"It has {listed(names)}." if names else "It has no listeners.",
            about=str(wanted),
        )


def namespace_refused(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A Gateway takes no routes from the namespace of a route."""
    for one in _told(world, AttachmentFault.NAMESPACE):
        if one.owner is not None:
            yield Hit(
                one.parent.field / "name",
                f"{one.route.resource} attaches to {one.owner}, which takes no routes from "
                f"{one.route.namespace!r}, so it takes no requests",
                resource=one.route.resource,
                hint="Listeners take routes of their own namespace, unless `allowedRoutes` says more.",
                related=_listeners(one),
                about=str(one.owner),
            )


def kind_refused(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """The listeners of a Gateway take no routes of a kind."""
    for one in _told(world, AttachmentFault.KIND):
        yield Hit(
            one.parent.field / "name",
            f"{one.route.resource} attaches to {one.owner}, whose listeners take no {one.route.kind}, "
            "so it takes no requests",
            resource=one.route.resource,
            hint="HTTP and HTTPS take HTTPRoute and GRPCRoute, TLS takes TLSRoute, TCP takes TCPRoute.",
            related=_listeners(one),
            about=str(one.owner),
        )


def hostname_refused(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """None of a route's host names is one of the listeners'."""
    for one in _told(world, AttachmentFault.HOSTNAME):
        names = [str(item.hostname) for item in (one.owner.listeners if one.owner else ())]
        yield Hit(
            one.route.resource.spec / "hostnames",
            f"{one.route.resource} is for {listed(one.route.hostnames)}, which {one.owner} does not serve, "
            "so it takes no requests",
            resource=one.route.resource,
            on_key=True,
            hint=f"Its listeners are for {listed(names)}.",
            related=_listeners(one),
            about=str(one.owner),
        )


def host_unserved(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """One of the host names of a route is none of its listeners', or another one's alone."""
    from meshlint.traffic.gateways.hostnames import unserved_hosts

    for one in unserved_hosts(world.mesh, world.traffic.status):
        places = [listener for _, listener in one.takers] if one.owner is None else [one.owner]
        names = listed(dict.fromkeys(str(each.hostname) for each in places))
        why, hint = "none of its listeners serves", f"They are for {names}."
        if one.owner is not None:
            why = f"only listener '{one.owner.name}' has"
            hint = "Attach the route to that listener: of those on one port the narrowest has a host."
        yield Hit(
            one.hosts[0].field,
            f"{one.route.resource} is for {listed(one.hosts)}, which {why}, so it gets no request for "
            f"{'it' if len(one.hosts) == 1 else 'them'}",
            resource=one.route.resource,
            hint=hint,
            related=tuple(Related(each.field, "a listener") for each in places[:3]),
            about=str(one.hosts[0]),
        )


def _listeners(one: Attachment) -> tuple[Related, ...]:
    if one.owner is None:
        return ()
    return tuple(Related(listener.field, "a listener") for listener in one.owner.listeners[:3])
