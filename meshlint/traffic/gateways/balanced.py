"""Gateways behind a load balancer that ends TLS."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.documents import Field
from meshlint.mesh import Mesh
from meshlint.mesh.hosts.load_balancers import certificate, ending_tls, is_balanced
from meshlint.mesh.hosts.protocols import declared_protocol
from meshlint.mesh.hosts.services import target_ports
from meshlint.mesh.names.expansion import service_name
from meshlint.mesh.remembered import kept
from meshlint.resources.gateway_api.gateway import Gateway as KubernetesGateway
from meshlint.resources.gateway_api.listener import Listener
from meshlint.resources.istio.gateway import Gateway, Server
from meshlint.resources.kubernetes.service import Service, ServicePort
from meshlint.resources.kubernetes.workload import Workload
from meshlint.traffic.status.addresses import SERVICE_TYPE, hosts, is_managed
from meshlint.values import frozen


@frozen(eq=False, repr=False)
class Decrypted:
    """A server of a Gateway, and the port of its Service at which a balancer decrypts what comes to it."""

    gateway: Gateway
    server: Server
    service: Service
    port: ServicePort


def redirected_again(mesh: Mesh) -> Iterator[Decrypted]:
    """Servers that redirect plain requests, to whose listener a balancer sends what it has decrypted.

    The request comes back encrypted, is decrypted before the gateway, and is redirected once more.
    """
    for gateway in mesh.gateways.all:
        for server in gateway.servers:
            plain = declared_protocol(server.port.protocol).is_http
            if server.tls is None or not server.tls.https_redirect or not plain:
                continue
            found = next(_decrypted(mesh, gateway, server), None)
            if found is not None:
                yield Decrypted(gateway, server, *found)


def decrypted_before(mesh: Mesh) -> Iterator[Decrypted]:
    """Servers that take TLS alone and to which a balancer sends what it has decrypted."""
    for gateway in mesh.gateways.all:
        for server in gateway.servers:
            if declared_protocol(server.port.protocol).is_tls:
                found = next(_decrypted(mesh, gateway, server), None)
                if found is not None:
                    yield Decrypted(gateway, server, *found)


@frozen(eq=False, repr=False)
class Bare:
    """A listener that takes TLS alone and gets what a balancer decrypts, by the certificate given at `at`."""

    gateway: KubernetesGateway
    listener: Listener
    at: Field


def listeners_decrypted_before(mesh: Mesh) -> Iterator[Bare]:
    """Listeners of the Gateway API that take TLS alone and get what a balancer has decrypted."""
    for gateway in mesh.kubernetes_gateways:
        for listener in gateway.listeners:
            found = _decrypting(mesh, gateway, listener, listener.port) if listener.takes_tls else None
            if found is not None:
                yield Bare(gateway, listener, found)


def listens_behind(mesh: Mesh, gateway: KubernetesGateway, listener: Listener, port: int) -> bool:
    """Whether a balancer sends what it has decrypted at `port` to a listener of plain HTTP."""
    return str(listener.protocol) == "HTTP" and _decrypting(mesh, gateway, listener, port) is not None


def _decrypting(mesh: Mesh, gateway: KubernetesGateway, listener: Listener, port: int | None) -> Field | None:
    """The certificate by which a balancer decrypts at `port` what it sends to a listener.

    The Service of a Gateway that Istio deploys has the annotations of its `infrastructure`, or without that
    the Gateway's own (istiod: extractInfrastructureMetadata).
    """
    if listener.port is None or port is None:
        return None
    if is_managed(gateway):
        private = str(gateway.annotations.get(SERVICE_TYPE) or "LoadBalancer") != "LoadBalancer"
        name = None if listener.name is None else str(listener.name)
        own = gateway.resource.spec / "infrastructure"
        notes = gateway.infrastructure_annotations if own else gateway.annotations
        return None if listener.port != port or private else certificate(notes, name, port)
    found = (_opened(service, listener.port, port) for service in _named(mesh, gateway))
    return next((one for one in found if one is not None), None)


def _named(mesh: Mesh, gateway: KubernetesGateway) -> Iterator[Service]:
    """The Services that a Gateway which is not deployed by Istio asks for."""
    domain = mesh.settings.cluster_domain
    for host, _ in hosts(gateway, domain):
        name = service_name(host, domain)
        service = None if name is None else mesh.services.get(name)
        if service is not None:
            yield service


def _opened(service: Service, listener: int, number: int) -> Field | None:
    """The certificate at a port that leads to where a listener's port leads."""
    own, port = service.port(listener), service.port(number)
    if own is None or port is None:
        return None
    same = (own.target_port or own.port) == (port.target_port or port.port)
    return ending_tls(service, port) if same else None


def _decrypted(mesh: Mesh, gateway: Gateway, server: Server) -> Iterator[tuple[Service, ServicePort]]:
    """The ports of the Services of a gateway at which TLS ends, that lead to the listener of a server."""
    for pod in mesh.gateways.pods(gateway):
        for service in filter(is_balanced, mesh.services.of(pod)):
            ending = _ending_tls(mesh, service)
            own = service.port(server.port.number or 0) if ending else None
            mine = frozenset() if own is None else target_ports(own, pod)
            for port in ending:
                if _leads_there(port, pod, mine, server):
                    yield service, port


@kept
def _ending_tls(_: Mesh, service: Service) -> tuple[ServicePort, ...]:
    """The ports of a Service at which a balancer ends TLS: hardly any, and many servers ask."""
    return tuple(port for port in service.ports if ending_tls(service, port) is not None)


def _leads_there(port: ServicePort, pod: Workload, mine: frozenset[int], server: Server) -> bool:
    return bool(target_ports(port, pod) & mine) or port.port == server.port.number
