"""Gateways and routes of the Gateway API that do not fit together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.wording import did_you_mean, listed
from meshlint.checks.world import World
from meshlint.documents import Field
from meshlint.mesh.namespaces.placement import belong_together
from meshlint.resources.gateway_api.gateway import Gateway, GatewayAddress
from meshlint.traffic.tables.gateway_api.attachments import Attachment, AttachmentFault
from meshlint.traffic.tables.gateway_api.backends import BackendFault, FaultyBackend
from meshlint.traffic.tables.gateway_api.grants import EVIDENCE


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


def _with(world: World, fault: BackendFault) -> Iterator[FaultyBackend]:
    return (one for one in world.traffic.faulty_backends if one.fault is fault)


def backend_missing(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A backend does not exist."""
    for one in _with(world, BackendFault.MISSING):
        yield Hit(
            one.backend.field / "name",
            f"{one.route.resource} sends to Service {one.backend.namespace}/{one.backend.name}, "
            "which does not exist, so requests fail",
            resource=one.route.resource,
            hint=did_you_mean(one.nearest).strip() or "Correct the name or the namespace.",
        )


def backend_dotted(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A backend is written as a host name."""
    for one in _with(world, BackendFault.DOTTED):
        yield Hit(
            one.backend.field / "name",
            f"{one.route.resource} sends to {str(one.backend.name)!r}, which is no name of a Service, "
            "so requests fail",
            resource=one.route.resource,
            hint="Write the Service's name, and its namespace beside it.",
        )


def backend_without_port(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A backend has no port."""
    for one in _with(world, BackendFault.NO_PORT):
        yield Hit(
            one.backend.field / "name",
            f"{one.route.resource} names no port of Service {str(one.backend.name)!r}, so requests fail",
            resource=one.route.resource,
            hint="A backend that is a Service needs `port`.",
        )


def backend_port_closed(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A backend does not open the port."""
    for one in _with(world, BackendFault.CLOSED_PORT):
        yield Hit(
            one.backend.field / "port",
            f"{one.route.resource} sends requests to port {one.backend.port} of {str(one.backend.name)!r}, "
            "which has no such port, so they fail",
            resource=one.route.resource,
            hint=f"It has {', '.join(one.nearest)}.",
        )


def backend_not_granted(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A backend is in another namespace, which does not let the route refer to it."""
    for one in _with(world, BackendFault.NOT_GRANTED):
        place = str(one.backend.namespace)
        if world.mesh.namespaces.shows(place, EVIDENCE):
            yield Hit(
                one.backend.field / "namespace",
                f"{one.route.resource} refers to a Service in {place!r}, where no ReferenceGrant allows it, "
                "so its requests fail",
                resource=one.route.resource,
                hint=f"Add a ReferenceGrant in {place!r} from {one.route.kind} in {one.route.namespace!r}.",
            )


def certificate_not_granted(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A certificate is in another namespace, which does not let the Gateway refer to it."""
    from meshlint.traffic.tables.gateway_api.grants import ungranted_certificates

    for one in ungranted_certificates(world.mesh):
        place = str(one.certificate.namespace)
        yield Hit(
            one.certificate.field / "namespace",
            f"{one.gateway} uses a certificate in {place!r}, where no ReferenceGrant allows it, "
            "so the listener is not served",
            resource=one.gateway.resource,
            hint=f"Add a ReferenceGrant in {place!r} from Gateway in {one.gateway.namespace!r} to Secret.",
            about=str(one.certificate.name),
        )


def grant_namespace_missing(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A ReferenceGrant is for objects of a namespace that does not exist."""
    from meshlint.traffic.tables.gateway_api.grants import lost_grants

    for lost in lost_grants(world.mesh):
        yield Hit(
            lost.name.field,
            f"{lost.grant} is for objects in namespace {str(lost.name)!r}, which does not exist, "
            "so it allows nothing",
            resource=lost.grant.resource,
            hint=f"Did you mean {lost.meant!r}?" if lost.meant else "Correct the name, or remove the grant.",
            about=str(lost.name),
        )


def address_shared(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """Two Gateways ask for one IP address."""
    asked: dict[str, list[tuple[Gateway, GatewayAddress]]] = {}
    for gateway in world.mesh.kubernetes_gateways:
        for address in gateway.addresses:
            if address.type == "IPAddress" and address.value:
                asked.setdefault(str(address.value), []).append((gateway, address))
    for gateways in asked.values():
        for gateway, address in gateways:
            other = next((one for one in gateways if one[0].resource.id != gateway.resource.id), None)
            if other is not None and belong_together(gateway.resource, other[0].resource):
                name = f"{other[0].namespace}/{other[0].name}"
                yield Hit(
                    address.field / "value",
                    f"{gateway} asks for address {str(address.value)!r} like {name}, so only one gets it",
                    resource=gateway.resource,
                    hint="Give each its own address, or put the listeners into one Gateway.",
                    related=(Related(other[1].field, "the other one"),),
                )


def class_unknown(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A Gateway is of a class that nobody runs."""
    from meshlint.traffic.tables.gateway_api.classes import unknown_classes

    for gateway, name, meant in unknown_classes(world.mesh):
        yield Hit(
            name.field,
            f"{gateway} is of class {str(name)!r}, which does not exist, so nobody runs it",
            resource=gateway.resource,
            hint=did_you_mean(meant).strip() or "Correct the name, or add the GatewayClass.",
        )


def mixed_routes(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A Service has both a route of the Gateway API and a VirtualService."""
    from meshlint.traffic.followers.mixed_routes import mixed_routes as mixed

    for one in mixed(world.mesh):
        other = one.virtual_service.resource
        yield Hit(
            one.parent.field / "name",
            f"{one.route.resource} and VirtualService {other.namespace}/{other.name} are for one service, "
            "so sidecars follow only the older",
            resource=one.route.resource,
            hint="Keep one of the two.",
            related=(Related(one.virtual_service.field / "hosts", "claimed here too"),),
            about=str(other),
        )


def listener_twice(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """Two listeners of a Gateway are for the same host, port and protocol, or have one name."""
    for gateway in world.mesh.kubernetes_gateways:
        names: dict[str, Field] = {}
        places: dict[tuple[object, ...], Field] = {}
        for listener in gateway.listeners:
            place = (listener.hostname, listener.port, listener.protocol)
            twin = names.get(str(listener.name)) or places.get(place)
            if twin is not None:
                yield Hit(
                    listener.field / "name",
                    f"{gateway} has two listeners alike, so neither is served",
                    resource=gateway.resource,
                    hint="Name, and host name, port and protocol together, tell listeners apart.",
                    related=(Related(twin, "the other one"),),
                    about=str(listener.name),
                )
            names.setdefault(str(listener.name), listener.field)
            places.setdefault(place, listener.field)


def routes_from_all(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A listener takes routes of all namespaces."""
    for gateway in world.mesh.kubernetes_gateways:
        for listener in gateway.listeners:
            allowed = listener.allowed_routes
            if allowed.namespaces_from == "All":
                yield Hit(
                    allowed.namespaces_from.field,
                    f"{gateway}: listener {str(listener.name)!r} takes routes from all namespaces, "
                    "so any team may claim its hosts",
                    resource=gateway.resource,
                    hint="Select namespaces by label.",
                    about=str(listener.name),
                )
