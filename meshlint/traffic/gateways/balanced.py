"""Gateways behind a load balancer that ends TLS."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.mesh import Mesh
from meshlint.mesh.hosts.load_balancers import ends_tls
from meshlint.mesh.hosts.protocols import declared_protocol
from meshlint.mesh.hosts.services import target_ports
from meshlint.resources.istio.gateway import Gateway, Server
from meshlint.resources.kubernetes.service import Service, ServicePort
from meshlint.resources.kubernetes.workload import Workload
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


def _decrypted(mesh: Mesh, gateway: Gateway, server: Server) -> Iterator[tuple[Service, ServicePort]]:
    """The ports of the Services of a gateway at which TLS ends, that lead to the listener of a server."""
    for pod in mesh.gateways.pods(gateway):
        for service in mesh.services.of(pod):
            own = service.port(server.port.number or 0)
            mine = frozenset() if own is None else target_ports(own, pod)
            for port in service.ports:
                if ends_tls(service, port) and _leads_there(port, pod, mine, server):
                    yield service, port


def _leads_there(port: ServicePort, pod: Workload, mine: frozenset[int], server: Server) -> bool:
    return bool(target_ports(port, pod) & mine) or port.port == server.port.number
