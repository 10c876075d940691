"""The pods behind Istio Gateways, their Services and what they share."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from meshlint.documents import Text
from meshlint.matching import LabelSelector
from meshlint.mesh import Mesh
from meshlint.mesh.hosts.protocols import Protocol, declared_protocol
from meshlint.mesh.namespaces.placement import belong_together
from meshlint.mesh.questions.scalers import scalers
from meshlint.mesh.routing.gateways import server_host
from meshlint.mesh.workloads.gateways import is_gateway
from meshlint.resources.gateway_api.gateway import Gateway as KubernetesGateway
from meshlint.resources.gateway_api.listener import Listener
from meshlint.resources.istio.gateway import Gateway, Server
from meshlint.resources.kubernetes.service import Service
from meshlint.resources.kubernetes.workload import Workload
from meshlint.values import frozen


@frozen(eq=False, repr=False)
class ClosedPort:
    """A server whose port none of the Services before its pods has."""

    gateway: Gateway
    server: Server
    services: tuple[Service, ...]


@frozen(eq=False, repr=False)
class Clash:
    """Two servers of the same pods on one port. `host` is common to both; None if their protocols exclude.

    Of two that encrypt, or whose protocols exclude each other, only one is served; plain HTTP is merged.
    """

    gateway: Gateway
    server: Server
    other: Gateway
    other_server: Server
    host: Text | None
    is_merged: bool


def closed_ports(mesh: Mesh) -> Iterator[ClosedPort]:
    """The servers on ports that the Services of their pods do not open (Istio: port of a Gateway server)."""
    for gateway in mesh.gateways.all:
        pods = mesh.gateways.pods(gateway)
        services = tuple(dict.fromkeys(service for pod in pods for service in mesh.services.of(pod)))
        if not services or any(pod.pod.host_network for pod in pods):
            continue
        opened: set[int | str] = set()
        for service in services:
            for port in service.ports:
                opened.update(number for number in (port.port, port.target_port) if number is not None)
        for server in gateway.servers:
            number = server.port.number
            if number is not None and number not in opened and not server.bind:
                yield ClosedPort(gateway, server, services)


def clashes(mesh: Mesh) -> Iterator[Clash]:
    """Pairs of servers on one port of the same pods with the same host, or with protocols that exclude.

    Plain HTTP servers for one host are one listener with all routes, so only TLS servers and protocols
    clash (Istio: merging of Gateways).
    """
    by_port: dict[tuple[int, str], list[tuple[_Behind, Server]]] = {}
    for gateway in mesh.gateways.all:
        behind = _behind(mesh, gateway)
        for server in gateway.servers:
            if server.port.number is not None:
                by_port.setdefault((server.port.number, server.bind or ""), []).append((behind, server))
    for found in by_port.values():
        for (one, server), (other, other_server) in combinations(found, 2):
            if _share_pods(one, other):
                clash = _clash(server, other_server, one.gateway, other.gateway)
                if clash is not None:
                    yield clash


@frozen(eq=False, repr=False)
class _Behind:
    """What tells whether the pods behind a Gateway are those of another one, which is asked of each two."""

    gateway: Gateway
    labels: tuple[tuple[str, str], ...]
    pods: frozenset[int]
    is_single: bool
    """Whether it is written once."""


def _behind(mesh: Mesh, gateway: Gateway) -> _Behind:
    labels = gateway.selector.labels if gateway.selector is not None else {}
    pods = frozenset(map(id, mesh.gateways.pods(gateway)))
    is_single = len(mesh.gateways.alternatives(gateway)) == 1
    return _Behind(gateway, tuple(sorted(labels.items())), pods, is_single)


def _share_pods(one: _Behind, other: _Behind) -> bool:
    if one is other:
        return True
    if not (one.is_single and other.is_single):
        return False
    is_common = one.labels == other.labels or not one.pods.isdisjoint(other.pods)
    return is_common and belong_together(one.gateway.resource, other.gateway.resource)


def _labels(gateway: Gateway) -> LabelSelector:
    return LabelSelector.of(gateway.selector.labels if gateway.selector is not None else {})


def _clash(server: Server, other: Server, one: Gateway, two: Gateway) -> Clash | None:
    protocols = declared_protocol(server.port.protocol), declared_protocol(other.port.protocol)
    if Protocol.UNKNOWN in protocols:
        return None
    if len({_layer(protocol) for protocol in protocols}) > 1:
        return Clash(one, server, two, other, None, is_merged=False)
    host = _common_host(server, other, one, two)
    return None if host is None else Clash(one, server, two, other, host, is_merged=protocols[0].is_http)


def _layer(protocol: Protocol) -> str:
    return "http" if protocol.is_http else "tls" if protocol.is_tls else "tcp"


def _common_host(server: Server, other: Server, one: Gateway, two: Gateway) -> Text | None:
    theirs = [server_host(text, two.resource.namespace) for text in other.hosts]
    for text in server.hosts:
        mine = server_host(text, one.resource.namespace)
        if any(mine.host == entry.host and _meet(mine.namespace, entry.namespace) for entry in theirs):
            return text
    return None


def _meet(one: str | None, other: str | None) -> bool:
    return one is None or other is None or one == other


def shared_certificates(mesh: Mesh) -> Iterator[tuple[Gateway, Server, Gateway, Server]]:
    """Pairs of servers of two Gateways that the same pods serve with one certificate."""
    users: dict[str, list[tuple[Gateway, Server]]] = {}
    for gateway in mesh.gateways.all:
        for server in gateway.servers:
            tls = server.tls
            name = None if tls is None else tls.credential_name or tls.server_certificate
            if name:
                users.setdefault(str(name), []).append((gateway, server))
    for found in users.values():
        for (one, server), (other, other_server) in combinations(found, 2):
            if one is not other and _nested(one, other):
                yield one, server, other, other_server


def shared_by_listeners(mesh: Mesh) -> Iterator[tuple[KubernetesGateway, Listener, Listener]]:
    """Pairs of HTTPS listeners of a Gateway on one port with one certificate and different host names.

    Browsers reuse a connection for every host that its certificate covers, and Istio has no way back to the
    routes of another listener (Gateway API: HTTPS and connection coalescing).
    """
    for gateway in mesh.kubernetes_gateways:
        secure = [one for one in gateway.listeners if one.protocol == "HTTPS" and one.tls is not None]
        for place, other in enumerate(secure):
            earlier = (one for one in secure[:place] if one.port == other.port)
            apart = (one for one in earlier if one.hostname != other.hostname)
            found = next((one for one in apart if _certificates(one) & _certificates(other)), None)
            if found is not None:
                yield gateway, found, other


def _certificates(listener: Listener) -> set[tuple[str, str]]:
    refs = () if listener.tls is None else listener.tls.certificate_refs
    return {(str(one.namespace), str(one.name)) for one in refs}


def _nested(one: Gateway, other: Gateway) -> bool:
    mine, theirs = _labels(one), _labels(other)
    return one.resource.id != other.resource.id and (mine.is_subset(theirs) or theirs.is_subset(mine))


def lone_gateways(mesh: Mesh) -> Iterator[Workload]:
    """Gateways that are written to have one pod, and that nothing scales."""
    scaling = scalers(mesh)
    for workload in mesh.workloads.all:
        scaled = (workload.namespace, workload.kind, workload.name) in scaling
        if workload.replicas == 1 and not scaled and is_gateway(workload):
            yield workload
