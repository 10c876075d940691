"""VirtualServices and DestinationRules that reach none of the proxies that they are for, or all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from meshlint.documents import Text
from meshlint.mesh import Found, Mesh
from meshlint.mesh.graph.calls import Call, calls
from meshlint.mesh.namespaces.visibility import Visibility
from meshlint.mesh.routing.virtual_services import is_for_mesh
from meshlint.resources.istio.destination_rule import DestinationRule
from meshlint.resources.istio.virtual_service import MESH_GATEWAY, VirtualService
from meshlint.resources.resource import Resource
from meshlint.traffic.destinations.routed import RoutedTo
from meshlint.values import frozen


@frozen(eq=False, repr=False)
class UnseenByGateway:
    """A gateway of a VirtualService whose pods, in `places`, are not among those that it is exported to."""

    virtual_service: VirtualService
    reference: Text
    places: tuple[str, ...]


def unseen_by_gateways(mesh: Mesh) -> Iterator[UnseenByGateway]:
    """Every gateway that does not see a VirtualService bound to it.

    What counts is the namespace of the gateway's pods (Istio: exportTo of VirtualServices).
    """
    for virtual_service in mesh.virtual_services:
        seen = mesh.virtual_services.visibility(virtual_service)
        for reference in virtual_service.gateways if not seen.everywhere else ():
            places = _pod_namespaces(mesh, reference, virtual_service)
            if places and not any(seen.includes(place) for place in places):
                yield UnseenByGateway(virtual_service, reference, places)


def _pod_namespaces(mesh: Mesh, reference: str, virtual_service: VirtualService) -> tuple[str, ...]:
    if reference == MESH_GATEWAY:
        return ()
    found = mesh.gateways.resolve(reference, virtual_service.resource.namespace)
    gateways = found.target if isinstance(found, Found) else ()
    return tuple(sorted({pod.namespace for gateway in gateways for pod in mesh.gateways.pods(gateway)}))


def unseen_by_sidecars(mesh: Mesh) -> Iterator[VirtualService]:
    """The VirtualServices for sidecars that are exported to nobody, or to no namespace with pods."""
    for virtual_service in mesh.virtual_services:
        seen = mesh.virtual_services.visibility(virtual_service)
        concerned = is_for_mesh(virtual_service) and not virtual_service.is_delegate
        if concerned and _reaches_nobody(mesh, seen):
            yield virtual_service


def _reaches_nobody(mesh: Mesh, seen: Visibility) -> bool:
    """Whether none of the clients see it; files that are not complete may leave some out."""
    if seen.everywhere or not seen.namespaces:
        return not seen.everywhere
    pods = mesh.workloads.namespaces
    return mesh.settings.complete and bool(pods) and not any(seen.includes(place) for place in pods)


def claims_of_others(mesh: Mesh) -> Iterator[tuple[VirtualService, Text, Resource]]:
    """Hosts of Services of another namespace whose requests a VirtualService takes in the whole mesh."""
    for virtual_service in mesh.virtual_services:
        namespace = virtual_service.resource.namespace
        public = mesh.virtual_services.visibility(virtual_service).everywhere
        if not public or not is_for_mesh(virtual_service) or namespace == mesh.settings.root_namespace:
            continue
        for host in virtual_service.hosts:
            known = mesh.hosts.known(mesh.hosts.expand(host, namespace))
            if known is not None and known.service is not None and known.service.namespace != namespace:
                yield virtual_service, host, known.service.resource


def gateway_splits_of_called(mesh: Mesh, routed: Iterable[RoutedTo]) -> Iterator[tuple[RoutedTo, Call]]:
    """The first subset of each host that gateways alone route to, with a call to the host within the mesh."""
    on_gateways: dict[tuple[int, str], RoutedTo] = {}
    for one in routed:
        split = one.is_http and not one.is_mirror and one.destination.subset
        outside = not one.virtual_service.is_delegate and not is_for_mesh(one.virtual_service)
        if split and outside and not mesh.virtual_services.for_mesh.covering(one.host):
            on_gateways.setdefault((id(one.virtual_service), one.host), one)
    called: dict[str, Call] = {}
    for call in calls(mesh) if on_gateways else ():
        called.setdefault(mesh.hosts.service_name(call.service).host(mesh.settings.cluster_domain), call)
    yield from ((one, called[one.host]) for one in on_gateways.values() if one.host in called)


def unused_rules(mesh: Mesh) -> Iterator[DestinationRule]:
    """The DestinationRules that no client looks at, as they are not exported to those that would.

    In a namespace that is neither the service's nor the root a rule is for the clients there alone (Istio:
    DestinationRule lookup).
    """
    for rule in mesh.destination_rules.all:
        seen = mesh.destination_rules.visibility(rule)
        foreign = is_foreign(mesh, rule) and not seen.includes(rule.resource.namespace)
        if rule.host and (foreign or _reaches_nobody(mesh, seen)):
            yield rule


def misplaced_rules(mesh: Mesh) -> Iterator[tuple[DestinationRule, Resource]]:
    """The DestinationRules that others are to follow and only their own namespace would, with the Service.

    They are exported in so many words, or the files are complete, and there are no pods beside them. Where a
    waypoint looks for rules is told elsewhere.
    """
    for rule in mesh.destination_rules.all:
        namespace = rule.resource.namespace
        seen = mesh.destination_rules.visibility(rule)
        if (
            not is_foreign(mesh, rule)
            or not seen.includes(namespace)
            or mesh.workloads.in_namespace(namespace)
        ):
            continue
        known = mesh.hosts.known(mesh.destination_rules.host(rule))
        abroad = seen.everywhere or seen.namespaces - {namespace}
        meant = mesh.settings.complete or (rule.export_to and abroad)
        if (
            meant
            and known is not None
            and known.service
            and not mesh.waypoints.of_service(known.service).is_served
        ):
            yield rule, known.service.resource


def is_foreign(mesh: Mesh, rule: DestinationRule) -> bool:
    """Whether a rule lives neither in the namespace of its Service nor in the root namespace."""
    namespace, resource = rule.resource.namespace, rule.resource
    known = mesh.hosts.known(mesh.destination_rules.host(rule)) if rule.host else None
    if known is None or known.service is None or known.entries or not resource.names_namespace:
        return False
    placed = known.service.resource.names_namespace
    return placed and namespace not in (known.service.namespace, mesh.settings.root_namespace)
