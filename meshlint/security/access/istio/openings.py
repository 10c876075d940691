"""What a gateway listens for on a port: how connections come in, and who they may prove to be."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

from meshlint.matching import host_covers
from meshlint.mesh import Mesh
from meshlint.mesh.hosts.protocols import declared_protocol
from meshlint.mesh.hosts.services import target_ports
from meshlint.mesh.routing.gateways import server_host
from meshlint.mesh.workloads.gateways import GATEWAY_NAME
from meshlint.resources import Resource
from meshlint.resources.gateway_api.gateway import Gateway as KubernetesGateway
from meshlint.resources.gateway_api.listener import Listener
from meshlint.resources.istio.gateway import Gateway, Server
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.access.istio.made_pods import AnyGateway
from meshlint.security.istio import Chain
from meshlint.security.transport.calls import Transport
from meshlint.values import frozen

_PASSED = frozenset({"PASSTHROUGH", "AUTO_PASSTHROUGH"})
_MODE = "gateway.istio.io/tls-terminate-mode"


class Proof(Enum):
    """By what certificate clients prove who they are: none, the mesh's, their own, or that if they like."""

    NONE = "none"
    MESH = "mesh"
    OWN = "own"
    OPTIONAL = "optional"


@frozen(eq=False, repr=False)
class Opening:
    """A server of a Gateway, or a listener of the Gateway API; without `hosts` it takes all."""

    resource: Resource
    hosts: tuple[str, ...]
    transport: Transport
    reason: str
    chain: Chain
    proof: Proof

    def serves(self, host: str | None) -> bool:
        """Whether it takes connections for a host, or may where none is named."""
        return host is None or not self.hosts or any(host_covers(one, host.lower()) for one in self.hosts)


def ports_of(gateway: AnyGateway) -> tuple[int, ...]:
    """The ports that a Gateway opens, each once."""
    if isinstance(gateway, Gateway):
        numbers = [one.port.number for one in gateway.servers]
    else:
        numbers = [one.port for one in gateway.listeners]
    return tuple(dict.fromkeys(one for one in numbers if one is not None))


def openings(mesh: Mesh, pods: Workload, port: int) -> tuple[Opening, ...]:
    """What the pods of gateways listen for on a container port.

    A Gateway writes the port of the Service before them, which leads to the container's (istiod: gateway
    listeners). Without any, the Gateways that open the port are not in the files.
    """
    numbers = {port} | {
        one.port
        for service in mesh.services.of(pods)
        for one in service.ports
        if one.port is not None and port in target_ports(one, pods)
    }
    found = [
        _of_server(gateway, server)
        for gateway in mesh.gateways.all
        if pods in mesh.gateways.pods(gateway) or gateway.resource is pods.resource
        for server in gateway.servers
        if server.port.number in numbers
    ]
    for gateway in mesh.kubernetes_gateways:
        if gateway.namespace == pods.namespace and gateway.name == pods.pod.labels.get(GATEWAY_NAME):
            found += [_of_listener(gateway, one) for one in gateway.listeners if one.port in numbers]
    return tuple(found)


def _of_server(gateway: Gateway, server: Server) -> Opening:
    protocol = declared_protocol(server.port.protocol)
    mode = str(server.tls.mode or "") if server.tls is not None else ""
    if not protocol.is_tls:
        transport, proof = Transport.PLAINTEXT, Proof.NONE
    elif server.tls is None or mode in _PASSED:
        transport, proof = Transport.PASSED_TLS, Proof.NONE
    else:
        transport, proof = _BY_MODE.get(mode, (Transport.ONE_WAY_TLS, Proof.NONE))
    http = protocol.is_http or (protocol.value == "https" and transport is not Transport.PASSED_TLS)
    hosts = tuple(server_host(text, gateway.resource.namespace).host for text in server.hosts)
    return _opening(gateway.resource, hosts, transport, proof, http=http)


def _of_listener(gateway: KubernetesGateway, listener: Listener) -> Opening:
    protocol = str(listener.protocol or "").upper()
    hosts = () if listener.hostname is None else (str(listener.hostname).lower(),)
    if protocol not in ("HTTPS", "TLS"):
        kind = (Transport.PLAINTEXT, Proof.NONE)
    elif listener.tls is None or listener.tls.mode == "Passthrough":
        kind = (Transport.PASSED_TLS, Proof.NONE)
    else:
        checks = (gateway.resource.spec / "tls" / "frontend") or (listener.tls.field / "frontendValidation")
        mode = str(listener.tls.options.get(_MODE) or ("MUTUAL" if checks else "SIMPLE"))
        kind = _BY_MODE.get(mode, (Transport.ONE_WAY_TLS, Proof.NONE))
    http = protocol == "HTTP" or (protocol == "HTTPS" and kind[0] is not Transport.PASSED_TLS)
    return _opening(gateway.resource, hosts, *kind, http=http)


def _opening(
    resource: Resource, hosts: tuple[str, ...], transport: Transport, proof: Proof, *, http: bool
) -> Opening:
    return Opening(
        resource, hosts, transport, _REASONS[transport, proof], Chain.HTTP if http else Chain.TCP, proof
    )


def kinds(found: tuple[Opening, ...]) -> Iterator[Opening]:
    """One of each kind: others that take connections alike decide alike."""
    seen: set[tuple[Transport, Chain, Proof]] = set()
    for one in found:
        key = (one.transport, one.chain, one.proof)
        if key not in seen:
            seen.add(key)
            yield one


_BY_MODE = {
    "SIMPLE": (Transport.ONE_WAY_TLS, Proof.NONE),
    "ISTIO_SIMPLE": (Transport.ONE_WAY_TLS, Proof.NONE),
    "OPTIONAL_MUTUAL": (Transport.ONE_WAY_TLS, Proof.OPTIONAL),
    "MUTUAL": (Transport.OWN_TLS, Proof.OWN),
    "ISTIO_MUTUAL": (Transport.MUTUAL_TLS, Proof.MESH),
}
_REASONS = {
    (
        Transport.PLAINTEXT,
        Proof.NONE,
    ): "the gateway's server takes plaintext, and nobody proves who calls",
    (Transport.PASSED_TLS, Proof.NONE): "the gateway passes TLS on as it comes, and proves nobody's identity",
    (Transport.ONE_WAY_TLS, Proof.NONE): "the gateway's server asks for no client certificate",
    (
        Transport.ONE_WAY_TLS,
        Proof.OPTIONAL,
    ): "the gateway's server asks for no client certificate, but takes one",
    (Transport.OWN_TLS, Proof.OWN): "the gateway's server asks for a client certificate",
    (Transport.MUTUAL_TLS, Proof.MESH): "the gateway's server asks for a certificate of the mesh",
}
