"""Routes for Services that Linkerd's clients never use, and settings of Services without an address."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.shared.linkerd_routes import uses_linkerd
from meshlint.checks.world import World
from meshlint.mesh.names.expansion import ServiceName, service_name
from meshlint.mesh.namespaces.placement import are_neighbours
from meshlint.resources.gateway_api.reference import ParentRef
from meshlint.resources.gateway_api.route import AnyRoute
from meshlint.resources.kubernetes.service import Service
from meshlint.resources.linkerd.group import POLICY
from meshlint.security.membership.annotations import OPAQUE
from meshlint.traffic.tables.linkerd.parents import KINDS, is_read
from meshlint.traffic.tables.linkerd.services import kinds_for
from meshlint.values import frozen

Parameters = Mapping[str, Any]
_REQUEST_ROUTES = ("HTTPRoute", "GRPCRoute")
_BYTES = ("TCPRoute",)
_PLAIN = frozenset({"", "tcp", "tls", "https", "linkerd.io/opaque", "linkerd.io/tcp"})
"""The words of `appProtocol` that say by themselves that a port is no HTTP."""
_SETTINGS = ("retry.linkerd.io/", "timeout.linkerd.io/")


@frozen(eq=False, repr=False)
class _Attachment:
    """A route and a Service that it names as a parent."""

    route: AnyRoute
    parent: ParentRef
    service: Service

    def ports(self) -> tuple[int, ...]:
        """The ports of the Service that the route is for: the one that it names, else all of them."""
        numbers = tuple(one.port for one in self.service.ports if one.port and one.protocol == "TCP")
        return numbers if self.parent.port is None else (self.parent.port,)

    @property
    def place(self) -> str:
        """What tells two findings on one route apart."""
        return f"{self.service} {self.parent.port or ''}"


def route_on_opaque_port(world: World, _: Parameters) -> Iterator[Hit]:
    """A route on requests for a port that clients take for opaque bytes."""
    for one in _attachments(world):
        ports = [number for number in one.ports() if one.service.port(number)]
        if one.route.kind not in _REQUEST_ROUTES or _has_no_address(one.service) or not ports:
            continue
        if all(_is_plainly_opaque(world, one.service, number) for number in ports):
            shown = f"port {ports[0]}" if len(ports) == 1 else "every port"
            yield Hit(
                _port_or_name(one.parent),
                f"{one.route.resource} is for {shown} of {one.service}, which is opaque, so it is never used",
                resource=one.route.resource,
                hint="Set `appProtocol: http` or `kubernetes.io/h2c` on the port of the Service, or take it "
                "off the opaque ones.",
                related=_why_opaque(one.service, ports[0]),
                about=one.place,
            )


def route_of_ignored_kind(world: World, _: Parameters) -> Iterator[Hit]:
    """A route that gives way to one of another kind, or whose kind the port's protocol leaves out."""
    found = [one for one in _attachments(world) if is_read(one.route) and not _has_no_address(one.service)]
    beside: dict[int, list[_Attachment]] = {}
    for one in found:
        beside.setdefault(id(one.service), []).append(one)
    for one in found:
        others = beside[id(one.service)]
        reasons = {number: _why_ignored(world, one, number, others) for number in one.ports()}
        if reasons and all(reasons.values()):
            reason, related = next(iter(reasons.values())) or ("", ())
            yield Hit(
                one.route.resource.at("kind"),
                f"{one.route.resource} {reason}, so it is never used",
                resource=one.route.resource,
                related=related,
                about=one.place,
            )
    yield from _ignored_outside(world)


def _ignored_outside(world: World) -> Iterator[Hit]:
    """A route for a port of an EgressNetwork that gives way to one of a kind that comes before.

    As of those of a Service, the controller takes the routes of one kind for a parent (Linkerd: status of
    routes).
    """
    named: dict[tuple[str, str, int | None], list[tuple[AnyRoute, ParentRef]]] = {}
    for route in world.mesh.routes:
        for parent in route.parent_refs if route.kind in KINDS else ():
            if parent.is_a(POLICY, "EgressNetwork"):
                place = (str(parent.namespace), str(parent.name), parent.port)
                named.setdefault(place, []).append((route, parent))
    for found in named.values():
        first, _ = min(found, key=lambda one: KINDS.index(one[0].kind))
        for route, parent in found:
            is_near = are_neighbours(route.field.document.file, first.field.document.file)
            if route.kind != first.kind and is_near:
                yield Hit(
                    route.resource.at("kind"),
                    f"{route.resource} gives way to {first.resource}, which has the same parent, so it is "
                    "never used",
                    resource=route.resource,
                    related=(Related(first.resource.at("metadata", "name"), "the one that counts"),),
                    about=f"{parent.namespace}/{parent.name} {parent.port or ''}",
                )


def route_without_address(world: World, _: Parameters) -> Iterator[Hit]:
    """Routes, profiles and retries for a Service that has no address of its own."""
    for one in _attachments(world):
        if _has_no_address(one.service):
            yield Hit(
                one.parent.field / "name",
                f"{one.route.resource} is for {one.service}, which {_sort(one.service)}, so it is never used",
                resource=one.route.resource,
                hint="Linkerd reads routes by the cluster address of a Service.",
                about=one.place,
            )
    yield from _profiles_without_address(world)
    for service in world.mesh.services.all if uses_linkerd(world) else ():
        for key, value in service.annotations.items() if _has_no_address(service) else ():
            if key.startswith(_SETTINGS):
                yield Hit(
                    value.field,
                    f"{service} sets {key} and {_sort(service)}, so the setting has no effect",
                    resource=service.resource,
                    on_key=True,
                )


def parent_port_missing(world: World, _: Parameters) -> Iterator[Hit]:
    """A route for a port that its Service does not have."""
    for one in _attachments(world):
        alternatives = world.mesh.services.alternatives(one.service)
        port = one.parent.port
        if port is None or _has_no_address(one.service) or any(each.port(port) for each in alternatives):
            continue
        known = ", ".join(str(each.port) for each in one.service.ports)
        yield Hit(
            one.parent.field / "port",
            f"{one.route.resource} is for port {port} of {one.service}, which it does not have, "
            "so it is never used",
            resource=one.route.resource,
            hint=f"The Service has {known}: a parent names its port, not the container's." if known else None,
            related=(Related(one.service.resource.at("metadata", "name"), "the Service"),),
        )


def route_of_own_group(world: World, _: Parameters) -> Iterator[Hit]:
    """An HTTPRoute of Linkerd's own group, which that of the Gateway API has taken the place of."""
    for route in world.mesh.routes:
        if route.resource.group == POLICY and route.kind == "HTTPRoute":
            yield Hit(
                route.resource.at("apiVersion"),
                f"{route.resource} is of Linkerd's own group, which gets no new fields",
                resource=route.resource,
                hint="Write it with `gateway.networking.k8s.io/v1`, and the `group` of each parent.",
            )


def _attachments(world: World) -> Iterator[_Attachment]:
    """The Services in view that routes name as parents, in a set that shows Linkerd."""
    for route in world.mesh.routes if uses_linkerd(world) else ():
        for parent in route.parent_refs:
            if parent.kind == "Service" and parent.group in ("", "core") and parent.name:
                name = ServiceName(str(parent.namespace), str(parent.name))
                service = world.mesh.services.get(name)
                if service is not None:
                    yield _Attachment(route, parent, service)


def _is_plainly_opaque(world: World, service: Service, number: int) -> bool:
    port = service.port(number)
    said = (port.app_protocol or "").lower() if port is not None else ""
    return said in _PLAIN and kinds_for(world.mesh, service, number) == _BYTES


def _why_opaque(service: Service, number: int) -> tuple[Related, ...]:
    port = service.port(number)
    because = (port.app_protocol if port is not None else None) or service.annotations.get(OPAQUE)
    return () if because is None else (Related(because.field, "this makes it opaque"),)


def _why_ignored(
    world: World, one: _Attachment, number: int, others: list[_Attachment]
) -> tuple[str, tuple[Related, ...]] | None:
    """Why no client uses a route for one port; None if one does, or another rule tells why not."""
    kinds = kinds_for(world.mesh, one.service, number)
    if one.service.port(number) is None:
        return None
    refused = _conflict(one, others)
    if refused is not None and one.route.kind in kinds:
        return refused
    if kinds == _BYTES:
        return None
    port = f"port {number} of {one.service}"
    if one.route.kind not in kinds:
        return (f"is for {port}, whose protocol takes {' or '.join(kinds)}", ())
    for kind in kinds[: kinds.index(one.route.kind)]:
        for other in others:
            if other.route.kind == kind and _is_read_by_the_same(one, other) and number in other.ports():
                place = Related(other.route.resource.at("metadata", "name"), f"the {kind} that counts")
                return (f"gives way to {other.route.resource} at {port}", (place,))
    return None


def _conflict(one: _Attachment, others: list[_Attachment]) -> tuple[str, tuple[Related, ...]] | None:
    """A route of a kind that comes before, with the very same parent: this one is refused for all clients.

    Whether that route counts itself, at the port or for the client, does not matter (Linkerd: status of
    routes).
    """
    for other in others if one.route.kind in KINDS else ():
        before = other.route.kind in KINDS[: KINDS.index(one.route.kind)]
        if before and other.parent.port == one.parent.port and _are_applied_together(one, other):
            place = Related(
                other.route.resource.at("metadata", "name"), f"the {other.route.kind} that counts"
            )
            return (f"gives way to {other.route.resource}, which has the same parent", (place,))
    return None


def _are_applied_together(one: _Attachment, other: _Attachment) -> bool:
    return are_neighbours(one.route.field.document.file, other.route.field.document.file)


def _is_read_by_the_same(one: _Attachment, other: _Attachment) -> bool:
    """Whether every client that reads one route reads the other, and both are applied to one cluster.

    Routes of the Service's namespace are for all clients, those of another for the clients there.
    """
    same = (one.service.namespace, one.service.name) == (other.service.namespace, other.service.name)
    return (
        same
        and _are_applied_together(one, other)
        and other.route.namespace in (other.service.namespace, one.route.namespace)
    )


def _profiles_without_address(world: World) -> Iterator[Hit]:
    for profile in world.resources.of("linkerd.io", "ServiceProfile"):
        name = service_name(profile.name, world.settings.cluster_domain)
        service = None if name is None else world.mesh.services.get(name)
        if service is not None and _has_no_address(service):
            yield Hit(
                profile.at("metadata", "name"),
                f"{profile} is for {service}, which {_sort(service)}, so it is never used",
                resource=profile,
            )


def _has_no_address(service: Service) -> bool:
    return service.is_headless or service.is_external_name


def _sort(service: Service) -> str:
    return "is an ExternalName" if service.is_external_name else "is headless"


def _port_or_name(parent: ParentRef) -> Any:
    return parent.field / "port" if parent.port is not None else parent.field / "name"
