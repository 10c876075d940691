"""The ports that a workload is reached at, and which listener of its proxy takes them."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.mesh import Mesh
from meshlint.mesh.hosts.protocols import Protocol, service_port_protocol
from meshlint.mesh.hosts.services import target_ports
from meshlint.mesh.hosts.well_known import is_known_server
from meshlint.mesh.namespaces.placement import belong_together
from meshlint.mesh.remembered import remembered
from meshlint.resources.kubernetes.carriers import added_ports
from meshlint.resources.kubernetes.service import Service, ServicePort
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.membership.istio import istio_ambient
from meshlint.security.transport.chain import Chain
from meshlint.values import frozen

UNCAPTURED = frozenset({15020, 15021, 15090})
"""Ports of the proxy itself, which no policy guards (Istio: traffic capture)."""


@remembered
def _offered(_: Mesh, services: tuple[Service, ...]) -> tuple[ServicePort, ...]:
    """The ports of some Services, of those that lead to the same and speak the same the first."""
    found: dict[object, ServicePort] = {}
    for service in services:
        for port in service.ports:
            means = port.port, port.protocol, port.target_port, service_port_protocol(port)
            found.setdefault(means, port)
    return tuple(found.values())


@remembered
def served_ports(mesh: Mesh, workload: Workload) -> frozenset[int]:
    """The container ports that Services lead to, and those of containers, declared or of a controller's."""
    declared = {port.container_port for port in workload.pod.ports() if port.container_port is not None}
    return (
        added_ports(workload.resource)
        | declared
        | frozenset(
            target
            for port in _offered(mesh, mesh.services.of(workload))
            for target in target_ports(port, workload)
        )
    )


@remembered
def protocols(mesh: Mesh, workload: Workload, port: int) -> frozenset[Protocol]:
    """What the Services of a workload say that its container port speaks; nothing where none leads there."""
    return frozenset(
        service_port_protocol(one)
        for one in _offered(mesh, mesh.services.of(workload))
        if port in target_ports(one, workload)
    )


@remembered
def chains(mesh: Mesh, workload: Workload, port: int) -> tuple[Chain, ...]:
    """The kinds of listener that may take connections to a container port.

    ztunnel takes all of them in ambient mode. Before a sidecar, an HTTP port has the one for HTTP, a port of
    another known protocol the one for TCP, and a port that is sniffed, or in no Service, both (Istio:
    protocol selection).
    """
    if istio_ambient(mesh, workload).is_present:
        return (Chain.ZTUNNEL,)
    found = protocols(mesh, workload, port)
    http = not found or any(protocol.may_be_http for protocol in found)
    tcp = not found or any(not protocol.is_http for protocol in found)
    return (*((Chain.HTTP,) if http else ()), *((Chain.TCP,) if tcp else ()))


@remembered
def service_ports(mesh: Mesh, workload: Workload) -> dict[int, frozenset[int]]:
    """The ports of the Services before a workload, each with the container ports that it leads to."""
    found: dict[int, frozenset[int]] = {}
    for port in _offered(mesh, mesh.services.of(workload)):
        if port.port is not None and port.protocol == "TCP":
            found[port.port] = found.get(port.port, frozenset()) | target_ports(port, workload)
    return found


@remembered
def connection_ports(mesh: Mesh, workload: Workload) -> tuple[int, ...]:
    """The container ports that Services lead to and of which a proxy sees connections alone."""
    found = service_ports(mesh, workload).values()
    ports = (port for targets in found for port in sorted(targets))
    return tuple(port for port in ports if chains(mesh, workload, port) == (Chain.TCP,))


@frozen(eq=False, repr=False)
class ServedBy:
    """A port of a Service that leads to a workload, and what it says is spoken there."""

    service: Service
    port: ServicePort

    @property
    def protocol(self) -> Protocol:
        """The protocol that Istio takes the port to speak."""
        return service_port_protocol(self.port)


def protocol_conflicts(mesh: Mesh, workload: Workload) -> Iterator[tuple[int, ServedBy, ServedBy]]:
    """The container ports of which proxies are told different things, with two Service ports that disagree.

    There is one listener for each container port, made for the Service that is the oldest (Istio: inbound
    listener conflicts).
    """
    first: dict[int, ServedBy] = {}
    told: set[int] = set()
    for served in _serving(mesh, workload):
        for number in sorted(target_ports(served.port, workload)):
            known = first.setdefault(number, served)
            if known.protocol.layer != served.protocol.layer and number not in told:
                told.add(number)
                yield number, known, served


def _serving(mesh: Mesh, workload: Workload) -> list[ServedBy]:
    """The Service ports before a workload whose protocol is declared, in the order of their names."""
    found = [
        ServedBy(service, port)
        for service in mesh.services.of(workload)
        if belong_together(service.resource, workload.resource)
        for port in service.ports
        if service_port_protocol(port).layer is not None
    ]
    return sorted(found, key=lambda one: (one.service.name, one.port.port or 0))


def is_plain_tcp(mesh: Mesh, workload: Workload) -> bool:
    """Whether Services lead to a workload, and every port that they lead to speaks plain TCP.

    It is declared to, or it is left to the proxy, and known to be one of a server of another protocol.
    """
    targets = {target for found in service_ports(mesh, workload).values() for target in found}
    return bool(targets) and all(_is_tcp(mesh, workload, port) for port in targets)


def _is_tcp(mesh: Mesh, workload: Workload, port: int) -> bool:
    found = chains(mesh, workload, port)
    if found == (Chain.TCP,):
        return True
    images = [str(one.image) for one in workload.pod.containers if one.image]
    return Chain.TCP in found and is_known_server([port], images)
