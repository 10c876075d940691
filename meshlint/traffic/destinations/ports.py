"""Which port of a destination requests go to."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

from meshlint.mesh import Mesh
from meshlint.mesh.hosts.protocols import HostPort, host_ports
from meshlint.mesh.hosts.registry import Host
from meshlint.mesh.namespaces.placement import belong_together
from meshlint.mesh.remembered import remembered
from meshlint.mesh.routing.virtual_services import is_for_mesh
from meshlint.traffic.destinations.routed import RoutedTo, destinations
from meshlint.values import evolve, frozen


class PortFault(Enum):
    """Why the port of a destination is not what its author expects."""

    NOT_OPEN = "the host has no such port"
    AMBIGUOUS = "the host has several ports and none is named"
    NOT_LISTENED = "none is named, and the ports that clients use are none of the host's"


@frozen(eq=False, repr=False)
class FaultyPort:
    """A destination whose port is wrong, with the ports that its host has."""

    routed: RoutedTo
    fault: PortFault
    ports: tuple[HostPort, ...]


def faulty_ports(mesh: Mesh) -> Iterator[FaultyPort]:
    """Every destination whose host is in view and whose port, written or left out, is wrong."""
    for routed in destinations(mesh):
        known = mesh.hosts.known(routed.host)
        ports = () if known is None else _known_ports(mesh, known)
        fault = _fault(mesh, routed, ports) if ports else None
        if known is not None and fault is not None and _is_meant(routed, known):
            yield FaultyPort(routed, fault, ports)


def _is_meant(routed: RoutedTo, host: Host) -> bool:
    """Whether a destination means the host: its Service may be another one's."""
    owner = routed.virtual_service.resource
    return host.service is None or belong_together(owner, host.service.resource)


@remembered
def _known_ports(mesh: Mesh, host: Host) -> tuple[HostPort, ...]:
    """The ports of a host whose ports files can tell: of one that is written in several ways, any of these.

    An alias of another name has that one's.
    """
    if host.service is None:
        return host_ports(host)
    services = mesh.services.alternatives(host.service)
    if len(services) == 1 and not host.service.is_external_name:
        return host_ports(host)
    if any(service.is_external_name for service in services):
        return ()
    found = (port for service in services for port in host_ports(evolve(host, service=service)))
    return tuple({port.number: port for port in found}.values())


def _fault(mesh: Mesh, routed: RoutedTo, ports: tuple[HostPort, ...]) -> PortFault | None:
    written = routed.destination.port
    if written is not None:
        return None if written in {port.number for port in ports} else PortFault.NOT_OPEN
    virtual_service = routed.virtual_service
    if virtual_service.is_delegate or routed.destination.field / "port":
        return None
    if len(ports) > 1:
        return PortFault.AMBIGUOUS if virtual_service.bound_gateways else None
    if is_for_mesh(virtual_service) and routed.is_http and _never_listened(mesh, routed, ports[0].number):
        return PortFault.NOT_LISTENED
    return None


def _never_listened(mesh: Mesh, routed: RoutedTo, port: int) -> bool:
    """Whether sidecars, which send on to the port that the client called, never see a call to `port`.

    (Istio: a route's port is looked up among the services of the listener's port.)
    """
    listened: set[int] = set()
    hosts = mesh.virtual_services.hosts(routed.virtual_service)
    for host in () if routed.host in hosts else hosts:
        known = mesh.hosts.known(host)
        if known is None:
            return False
        ports = _known_ports(mesh, known)
        if not ports:
            return False
        listened.update(one.number for one in ports)
    return bool(listened) and port not in listened
