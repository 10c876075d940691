"""Every place where VirtualServices send traffic to, by full host name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from meshlint.mesh import Mesh
from meshlint.mesh.hosts.registry import Host
from meshlint.mesh.names.expansion import expand
from meshlint.mesh.namespaces.placement import belong_together
from meshlint.mesh.remembered import kept
from meshlint.resources.istio.destination import Destination
from meshlint.resources.istio.http_match import HttpMatch
from meshlint.resources.istio.http_route import HttpRoute
from meshlint.resources.istio.l4_route import L4Match, L4Route
from meshlint.resources.istio.virtual_service import VirtualService
from meshlint.resources.resource import Resource
from meshlint.values import frozen


@frozen(eq=False, repr=False)
class RoutedTo:
    """A destination or a mirror of a VirtualService's route; `host` is its full name, and `matches` are the
    route's.
    """

    virtual_service: VirtualService
    destination: Destination
    host: str
    is_mirror: bool
    is_http: bool
    matches: tuple[HttpMatch | L4Match, ...] = ()


@frozen(eq=False, repr=False)
class HiddenDestination:
    """A destination whose host is not exported to some namespaces that the route is for."""

    routed: RoutedTo
    clients: tuple[str, ...]
    owners: tuple[Resource, ...]


def destinations(mesh: Mesh) -> Iterator[RoutedTo]:
    """All destinations and mirrors that name a host, in the order of the text of each VirtualService."""
    domain = mesh.settings.cluster_domain
    for virtual_service in mesh.virtual_services:
        yield from _routed(mesh, virtual_service, domain)


@kept
def _routed(_: Mesh, virtual_service: VirtualService, domain: str) -> tuple[RoutedTo, ...]:
    namespace = virtual_service.resource.namespace
    return tuple(
        RoutedTo(
            virtual_service,
            destination,
            expand(destination.host, namespace, domain),
            is_mirror,
            isinstance(route, HttpRoute),
            route.match,
        )
        for destination, is_mirror, route in _of(virtual_service)
        if destination.host
    )


def hidden_destinations(mesh: Mesh, routed: Iterable[RoutedTo]) -> Iterator[HiddenDestination]:
    """The destinations that are in view but not for all namespaces that the route is exported to.

    Sidecars and gateways know only what is exported to their own namespace (Istio: exportTo of services).
    """
    for one in routed:
        known = mesh.hosts.known(one.host)
        if known is None or one.is_mirror:
            continue
        places = _exported_to(mesh, one.virtual_service)
        clients = tuple(sorted(place for place in places if not mesh.hosts.is_visible(known, place)))
        if clients and _belongs_to(one, known):
            owners = [known.service.resource] if known.service is not None else []
            owners.extend(entry.resource for entry in known.entries)
            yield HiddenDestination(one, clients, tuple(owners))


def _belongs_to(routed: RoutedTo, known: Host) -> bool:
    """Whether the Service that a host is may be the one that a route means."""
    owner = routed.virtual_service.resource
    return known.service is None or belong_together(owner, known.service.resource)


def _exported_to(mesh: Mesh, virtual_service: VirtualService) -> frozenset[str]:
    """The namespaces that a VirtualService is surely for: those it names, else its own."""
    visible = mesh.virtual_services.visibility(virtual_service)
    if visible.everywhere:
        return frozenset({virtual_service.resource.namespace})
    return visible.namespaces


def _of(virtual_service: VirtualService) -> Iterator[tuple[Destination, bool, HttpRoute | L4Route]]:
    for http in virtual_service.http:
        yield from ((entry.destination, False, http) for entry in http.route)
        yield from ((mirror.destination, True, http) for mirror in http.mirrors)
    for route in (*virtual_service.tls, *virtual_service.tcp):
        yield from ((entry.destination, False, route) for entry in route.route)
