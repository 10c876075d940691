"""Which port of a destination requests go to."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

from attrs import frozen

from meshlint.mesh import Found, Mesh
from meshlint.mesh.hosts import Host
from meshlint.mesh.protocols import HostPort, host_ports
from meshlint.mesh.virtual_services import is_for_mesh
from meshlint.resources.istio.virtual_service import MESH_GATEWAY
from meshlint.traffic.destinations import RoutedTo, destinations


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
        namespace = routed.virtual_service.resource.namespace
        found = mesh.hosts.resolve(str(routed.destination.host), namespace)
        ports = _known_ports(found.target) if isinstance(found, Found) else ()
        fault = _fault(mesh, routed, ports) if ports else None
        if fault is not None:
            yield FaultyPort(routed, fault, ports)


def _known_ports(host: Host) -> tuple[HostPort, ...]:
    """The ports of a host whose ports files can tell; an alias of another name has that one's."""
    if host.service is not None and host.service.is_external_name:
        return ()
    return host_ports(host)


def _fault(mesh: Mesh, routed: RoutedTo, ports: tuple[HostPort, ...]) -> PortFault | None:
    written = routed.destination.port
    if written is not None:
        return None if written in {port.number for port in ports} else PortFault.NOT_OPEN
    virtual_service = routed.virtual_service
    if virtual_service.is_delegate or routed.destination.field / "port":
        return None
    if len(ports) > 1:
        bound = set(virtual_service.gateways_or_mesh) - {MESH_GATEWAY}
        return PortFault.AMBIGUOUS if bound else None
    if is_for_mesh(virtual_service) and routed.is_http and _never_listened(mesh, routed, ports[0].number):
        return PortFault.NOT_LISTENED
    return None


def _never_listened(mesh: Mesh, routed: RoutedTo, port: int) -> bool:
    """Whether sidecars, which send on to the port that the client called, never see a call to `port`.

    (Istio: a route's port is looked up among the services of the listener's port.)
    """
    listened: set[int] = set()
    for host in mesh.virtual_services.hosts(routed.virtual_service):
        known = mesh.hosts.known(host)
        if known is None:
            return False
        ports = _known_ports(known)
        if not ports:
            return False
        listened.update(one.number for one in ports)
    return bool(listened) and port not in listened
