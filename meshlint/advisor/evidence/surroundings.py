"""What stands around the workloads: ports and their protocols, ways in and ways out."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.advisor.evidence.places import Place, place_of
from meshlint.advisor.evidence.tally import Tally, distinct, tally
from meshlint.mesh import Mesh
from meshlint.mesh.hosts.protocols import service_port_protocol

_WAYS_IN = (
    ("networking.k8s.io", "Ingress"),
    ("extensions", "Ingress"),
    ("networking.istio.io", "Gateway"),
    ("gateway.networking.k8s.io", "Gateway"),
)
_EXPOSED = frozenset({"LoadBalancer", "NodePort"})


def surroundings(mesh: Mesh) -> Iterator[Tally]:
    """The counts of ports by protocol, of ways in, and of hosts outside."""
    by_protocol: dict[str, list[Place]] = {}
    for service in mesh.services.all:
        for port in service.ports:
            protocol = service_port_protocol(port).value
            by_protocol.setdefault(protocol, []).append(place_of(service.resource, port.field))
    for protocol, places in sorted(by_protocol.items()):
        title = "Service ports whose protocol is not told" if protocol == "unknown" else ""
        yield Tally(f"ports-{protocol}", title or f"Service ports: {protocol}", len(places), tuple(places))
    yield _ways_in(mesh)
    yield _outside(mesh)


def _ways_in(mesh: Mesh) -> Tally:
    objects = distinct(one for group, kind in _WAYS_IN for one in mesh.resources.of(group, kind))
    exposed = distinct(service.resource for service in mesh.services.all if service.type in _EXPOSED)
    return tally("ingress", "Ways in: Ingresses, Gateways and exposed Services", [*objects, *exposed])


def _outside(mesh: Mesh) -> Tally:
    hosts: dict[str, Place] = {}
    for entry in mesh.service_entries:
        if entry.is_external:
            for host in entry.hosts:
                hosts.setdefault(host.lower(), place_of(entry.resource, host.field))
    for service in mesh.services.all:
        if service.is_external_name and service.external_name:
            place = place_of(service.resource, service.external_name.field)
            hosts.setdefault(service.external_name.lower(), place)
    places = tuple(hosts[host] for host in sorted(hosts))
    return Tally("external-hosts", "Hosts outside of the mesh", len(places), places)
