"""What Istio Gateways open to more than was meant: namespaces, services, clients without certificates."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.documents import Text
from meshlint.mesh import Mesh
from meshlint.mesh.hosts.protocols import declared_protocol
from meshlint.mesh.namespaces.namespaces import VIRTUAL_SERVICES
from meshlint.mesh.routing.gateways import server_host
from meshlint.resources.istio.authorization_policy import AuthorizationPolicy
from meshlint.resources.istio.gateway import Gateway, Server
from meshlint.resources.kubernetes.service import Service
from meshlint.resources.kubernetes.workload import Workload
from meshlint.values import frozen

_NETWORK = "topology.istio.io/network"


def unbound(mesh: Mesh) -> Iterator[Gateway]:
    """The Gateways that no VirtualService is bound to, where VirtualServices beside them are in view.

    Servers that pass everything on by server name, or only redirect, need none.
    """
    for gateway in mesh.gateways.all:
        namespace, name = gateway.resource.namespace, gateway.resource.name
        if mesh.virtual_services.of_gateway(f"{namespace}/{name}") or _is_named(mesh, name):
            continue
        in_need = any(_needs_routes(server) for server in gateway.servers)
        if in_need and mesh.namespaces.shows(namespace, VIRTUAL_SERVICES, gateway.field):
            yield gateway


def _is_named(mesh: Mesh, name: str) -> bool:
    """Whether a VirtualService names the Gateway, if perhaps in a wrong namespace, which is told there."""
    return any(
        reference.rpartition("/")[2].partition(".")[0] == name
        for virtual_service in mesh.virtual_services
        for reference in virtual_service.gateways
    )


def _needs_routes(server: Server) -> bool:
    tls = server.tls
    return tls is None or not (tls.https_redirect or tls.mode == "AUTO_PASSTHROUGH")


@frozen(eq=False, repr=False)
class OpenByName:
    """A server of mode AUTO_PASSTHROUGH whose pods a load balancer makes public."""

    gateway: Gateway
    server: Server
    service: Service


def public_by_name(mesh: Mesh) -> Iterator[OpenByName]:
    """Every server that lets the public reach each service of the mesh by its server name.

    Gateways between clusters do that on purpose: they are labelled with their network.
    """
    for gateway in mesh.gateways.all:
        for server in gateway.servers:
            if server.tls is not None and server.tls.mode == "AUTO_PASSTHROUGH":
                for pod in mesh.gateways.pods(gateway):
                    yield from (OpenByName(gateway, server, one) for one in _public(mesh, pod))


def _public(mesh: Mesh, pod: Workload) -> Iterator[Service]:
    if _NETWORK not in pod.pod.labels:
        for service in mesh.services.of(pod):
            if service.type == "LoadBalancer" and _NETWORK not in service.labels:
                yield service


@frozen(eq=False, repr=False)
class OptionalIdentity:
    """A test of a caller's identity, `value`, on a gateway where callers need not show one."""

    policy: AuthorizationPolicy
    value: Text
    server: Server


def optional_identities(mesh: Mesh) -> Iterator[OptionalIdentity]:
    """Denials by identity, and grants to all but some, before which clients may leave out their certificate.

    A request without a certificate has no principal (Istio: OPTIONAL_MUTUAL).
    """
    seen: set[int] = set()
    for gateway in mesh.gateways.all:
        server = next((one for one in gateway.servers if one.tls and one.tls.mode == "OPTIONAL_MUTUAL"), None)
        for pod in mesh.gateways.pods(gateway) if server is not None else ():
            for policy in mesh.authorization_policies.attached_to(pod):
                for value in _evaded(policy):
                    if server is not None and id(value) not in seen:
                        seen.add(id(value))
                        yield OptionalIdentity(policy, value, server)


def _evaded(policy: AuthorizationPolicy) -> Iterator[Text]:
    for rule in policy.rules or ():
        for source in rule.from_ or ():
            if policy.action == "DENY":
                yield from source.principals[:1]
            elif policy.action == "ALLOW" and not source.principals:
                yield from source.not_principals[:1]


def of_other_namespaces(mesh: Mesh) -> Iterator[tuple[Gateway, Workload]]:
    """Gateways that open ports on pods of another namespace, each with the first such pod."""
    for gateway in mesh.gateways.all:
        pods = mesh.gateways.pods(gateway)
        if pods and all(pod.namespace != gateway.resource.namespace for pod in pods):
            yield gateway, pods[0]


def open_to_all_namespaces(mesh: Mesh) -> Iterator[tuple[Server, Gateway, Text, tuple[str, ...]]]:
    """Hosts that any namespace may claim, of Gateways that several namespaces bind to.

    One that is written for all of them, as `*` and `*/host` are, is meant so.
    """
    for gateway in mesh.gateways.all:
        name = f"{gateway.resource.namespace}/{gateway.resource.name}"
        users = {one.resource.namespace for one in mesh.virtual_services.of_gateway(name)}
        for server in gateway.servers if len(users) > 1 else ():
            for text in server.hosts:
                entry = server_host(text, gateway.resource.namespace)
                if entry.namespace is None and not text.startswith("*/") and text != "*":
                    yield server, gateway, text, tuple(sorted(users))


_WEAK = ("RC4", "3DES", "DES-CBC", "NULL", "MD5", "EXPORT")


def weak_ciphers(mesh: Mesh) -> Iterator[tuple[Gateway, Text, str]]:
    """Cipher suites of servers that are broken, or that lack forward secrecy or authenticated encryption."""
    for gateway in mesh.gateways.all:
        for server in gateway.servers:
            if server.tls is not None and declared_protocol(server.port.protocol).is_tls:
                for suite in server.tls.cipher_suites:
                    problem = _weakness(suite)
                    if problem:
                        yield gateway, suite, problem


def _weakness(suite: str) -> str:
    name = suite.upper().replace("_", "-")
    if any(word in name for word in _WEAK):
        return "is broken"
    if name.startswith(("TLS-AES", "TLS-CHACHA")):
        return ""
    if not name.removeprefix("TLS-").startswith(("ECDHE", "DHE")):
        return "has no forward secrecy"
    return "" if "GCM" in name or "CHACHA20" in name else "has no authenticated encryption"
