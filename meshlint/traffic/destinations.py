"""Every place where VirtualServices send traffic to, by full host name."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from meshlint.mesh import Mesh
from meshlint.resources.istio.destination import Destination
from meshlint.resources.istio.virtual_service import VirtualService


@frozen(eq=False)
class RoutedTo:
    """A destination or a mirror of a VirtualService's route; `host` is its full name."""

    virtual_service: VirtualService
    destination: Destination
    host: str
    is_mirror: bool


def destinations(mesh: Mesh) -> Iterator[RoutedTo]:
    """All destinations and mirrors that name a host, in the order of the text of each VirtualService."""
    for virtual_service in mesh.virtual_services:
        namespace = virtual_service.resource.namespace
        for destination, is_mirror in _of(virtual_service):
            if destination.host:
                host = mesh.hosts.expand(destination.host, namespace)
                yield RoutedTo(virtual_service, destination, host, is_mirror)


def _of(virtual_service: VirtualService) -> Iterator[tuple[Destination, bool]]:
    for http in virtual_service.http:
        yield from ((entry.destination, False) for entry in http.route)
        yield from ((mirror.destination, True) for mirror in http.mirrors)
    for route in (*virtual_service.tls, *virtual_service.tcp):
        yield from ((entry.destination, False) for entry in route.route)
