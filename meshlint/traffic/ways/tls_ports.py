"""Plain requests that routes send to ports which speak TLS."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.documents import Field
from meshlint.mesh import Mesh
from meshlint.mesh.hosts.protocols import Protocol, host_ports
from meshlint.mesh.hosts.registry import Host
from meshlint.mesh.hosts.services import target_ports
from meshlint.mesh.questions.spoken import speaking
from meshlint.mesh.routing.effective_policies import EffectivePolicy
from meshlint.resources.kubernetes.service import Service
from meshlint.resources.resource import Resource
from meshlint.traffic.destinations.routed import destinations
from meshlint.traffic.effects.policies import effective_policy, originates_tls
from meshlint.traffic.tables.gateway_api.routes import backend_host
from meshlint.values import frozen

_HTTPS = 443
_ENCRYPTING = frozenset({"SIMPLE", "MUTUAL"})


def gets_plaintext(known: Host | None, port: int | None, policy: EffectivePolicy) -> str | None:
    """Why a port that gets requests in plain HTTP does not understand them, in words; None if it may.

    Mutual TLS of the mesh is taken off by the proxy of the server, so that it is plain HTTP there, too.
    """
    if known is None or port is None or policy.tls_mode in _ENCRYPTING:
        return None
    entry = next((one for one in host_ports(known) if one.number == port), None)
    if entry is not None and entry.protocol in (Protocol.HTTPS, Protocol.TLS):
        return f"port {port} of {known.name} is declared as {entry.protocol.value.upper()}"
    outside = known.service is None and bool(known.entries) and known.entries[0].is_external
    target = None if not outside or entry is None else known_target(known, port)
    if outside and port == _HTTPS and target in (None, _HTTPS):
        return f"servers speak TLS on port {port}"
    return None


def known_target(known: Host, port: int) -> int | None:
    """The port of the endpoints that a port of a ServiceEntry leads to, if it is another one."""
    found = (one for entry in known.entries for one in entry.ports if one.number == port)
    return next((one.target_port for one in found), None)


@frozen(eq=False, repr=False)
class PlainRequests:
    """A destination of an HTTP route that is sent plain requests, and why it does not understand them."""

    owner: Resource
    at: Field
    host: str
    port: int
    reason: str


def plain_to_tls(mesh: Mesh) -> Iterator[PlainRequests]:
    """Destinations of HTTP routes whose port is declared as one of TLS, where nothing encrypts for them.

    The declaration may be wrong: where a probe asks in plain HTTP it is, and another rule tells so.
    """
    at_stake = {id(one) for one in speaking(mesh, Protocol.HTTPS, Protocol.TLS)}
    for owner, at, namespace, host, number in _routed(mesh) if at_stake else ():
        known = mesh.hosts.known(host)
        service = None if known is None else known.service
        if known is None or service is None or service.is_external_name or id(service) not in at_stake:
            continue
        ports = host_ports(known)
        port = number if number is not None else ports[0].number if len(ports) == 1 else None
        if not any(one.number == port and one.protocol.is_tls for one in ports):
            continue
        if port is None or originates_tls(mesh, [host]):
            continue
        reason = gets_plaintext(known, port, effective_policy(mesh, namespace, host, port))
        if reason is not None and not (_is_plain(mesh, service, port) or _has_tls_policy(mesh, service)):
            yield PlainRequests(owner, at, host, port, reason)


def _routed(mesh: Mesh) -> Iterator[tuple[Resource, Field, str, str, int | None]]:
    """Where HTTP routes lead: the route, the place, its namespace, the host and the port if one is named."""
    for one in destinations(mesh):
        if one.is_http and not one.is_mirror:
            resource = one.virtual_service.resource
            at = one.destination.field / "port" / "number"
            place = at if at else one.destination.field / "host"
            yield resource, place, resource.namespace, one.host, one.destination.port
    for route in mesh.routes:
        for rule in route.rules if route.kind == "HTTPRoute" else ():
            for backend in rule.backend_refs:
                if backend.is_a("", "Service"):
                    host = backend_host(backend, mesh.settings.cluster_domain)
                    yield route.resource, backend.field / "port", route.namespace, host, backend.port


def _is_plain(mesh: Mesh, service: Service, number: int) -> bool:
    """Whether a container shows by a probe that it answers plain HTTP on the port."""
    entry = service.port(number)
    for workload in mesh.services.backing(service) if entry is not None else ():
        targets = set() if entry is None else target_ports(entry, workload)
        names = {str(one.name) for one in workload.pod.ports() if one.container_port in targets}
        for container in workload.pod.containers:
            for key in ("readinessProbe", "livenessProbe", "startupProbe"):
                asked = container.field / key / "httpGet"
                plain = str(asked.text("scheme") or "HTTP").upper() == "HTTP"
                if asked and plain and (asked / "port").value in {*targets, *names}:
                    return True
    return False


def _has_tls_policy(mesh: Mesh, service: Service) -> bool:
    """Whether a BackendTLSPolicy makes gateways encrypt for a Service."""
    for policy in mesh.resources.of("gateway.networking.k8s.io", "BackendTLSPolicy"):
        for target in policy.spec.items("targetRefs"):
            if policy.namespace == service.namespace and target.text("name") == service.name:
                return True
    return False
