"""What a sidecar listens for on a port, and which names it knows there.

A port of a host that has an address of its own and carries bytes, TLS or what is found out from the first
bytes is listened for at that address. All HTTP ports of one number share one listener, in which the Host
header decides; it takes no connections that carry anything else (istiod: outbound listeners of sidecars).
"""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.matching import host_covers
from meshlint.mesh import Mesh
from meshlint.mesh.hosts.protocols import HostPort, Protocol, service_port_protocol
from meshlint.mesh.hosts.registry import Host
from meshlint.mesh.names.expansion import ServiceName, service_name
from meshlint.mesh.namespaces.visibility import visibility
from meshlint.mesh.questions.sidecar_scopes import SidecarScope
from meshlint.mesh.remembered import remembered
from meshlint.resources.istio.sidecar import Sidecar
from meshlint.resources.istio.virtual_service import VirtualService
from meshlint.traffic.request import Client
from meshlint.traffic.tables.istio.layers import listening_protocol, open_port

_REGISTERED_BY_DEFAULT = 80


def known_host(scope: SidecarScope, host: str, port: int) -> Host | None:
    """The host of that full name as the client knows it on a port, by its own name or by an alias."""
    name = scope.mesh.hosts.alias(host) or host
    return scope.mesh.hosts.seen_from(name, scope.client.namespace, port, _letting_in(scope, port))


def _letting_in(scope: SidecarScope, port: int) -> _LetsIn | None:
    return None if scope.sidecar is None else _LetsIn(scope, port)


class _LetsIn:
    """Whether the client's Sidecar lets a host in on a port."""

    def __init__(self, scope: SidecarScope, port: int) -> None:
        self._scope, self._port = scope, port

    def __call__(self, host: Host) -> bool:
        return self._scope.imports_host(host, self._port)


def opens_alias(scope: SidecarScope, host: str, port: int) -> bool:
    """Whether a name is that of an ExternalName Service which the client knows, with an HTTP port of that
    number: then VirtualServices for it count for its names.
    """
    mesh = scope.mesh
    named = service_name(host, mesh.settings.cluster_domain)
    service = None if named is None else mesh.services.get(named)
    opened = None if service is None else service.port(port)
    if service is None or opened is None or mesh.hosts.external_name(host) is None:
        return False
    seen = mesh.hosts.visibility_of_service(service).includes(scope.client.namespace)
    known = seen and scope.imports_host(Host(host, service, ()), port)
    return known and service_port_protocol(opened).may_be_http


def has_address(host: Host) -> bool:
    """Whether connections to a host can be told by their address: those to a Service, and to a ServiceEntry
    that writes some.
    """
    return host.service is not None or any(entry.addresses for entry in host.entries)


def may_carry_http(port: HostPort) -> bool:
    """Whether a port's host has HTTP routes: it is declared so, or what it carries is found out."""
    return port.protocol.may_be_http


def listens_for_http(scope: SidecarScope, port: int) -> bool | None:
    """Whether anything makes the client's proxy listen for HTTP on a port; None where only hosts outside of
    the files could.
    """
    if any(_shares_listener(scope, host, port) for host in _hosts(scope, port)):
        return True
    if any(scope.imports_name(*one, port) for one in _deployed(scope, port)):
        return True
    return False if scope.mesh.settings.complete else None


def _shares_listener(scope: SidecarScope, host: Host, port: int) -> bool:
    opened = open_port(host, port)
    if opened is None:
        return False
    protocol = listening_protocol(scope, opened)
    return protocol.is_http or (protocol is Protocol.UNKNOWN and not has_address(host))


def _deployed(scope: SidecarScope, port: int) -> Iterator[tuple[str, str]]:
    """The Services that Istio makes for Gateways of the Gateway API with a listener for HTTP on a port, each
    by host and namespace (Istio: automated deployment).
    """
    default = scope.mesh.settings.default_service_export_to
    for gateway in scope.mesh.kubernetes_gateways:
        if not visibility((), default, gateway.namespace).includes(scope.client.namespace):
            continue
        listens = any(one.port == port and one.protocol == "HTTP" for one in gateway.listeners)
        if gateway.gateway_class_name == "istio" and listens and not (gateway.resource.spec / "addresses"):
            service = ServiceName(gateway.namespace, f"{gateway.name}-istio")
            yield service.host(scope.mesh.settings.cluster_domain), gateway.namespace


def _hosts(scope: SidecarScope, port: int) -> tuple[Host, ...]:
    """All hosts that the client knows on a port."""
    return _known_hosts(scope.mesh, scope.client.namespace, scope.sidecar, port)


@remembered
def _known_hosts(mesh: Mesh, namespace: str, sidecar: Sidecar | None, port: int) -> tuple[Host, ...]:
    scope = SidecarScope(mesh, Client(namespace, {}), sidecar)
    lets_in = _letting_in(scope, port)
    found = (
        (name, mesh.hosts.seen_from(name, namespace, port, lets_in)) for name in _names(mesh).get(port, ())
    )
    return tuple(host for name, host in found if host is not None and host.pattern == name)


@remembered
def _names(mesh: Mesh) -> dict[int, tuple[str, ...]]:
    """The hosts of Services and ServiceEntries by the ports that they have."""
    domain = mesh.settings.cluster_domain
    found: dict[int, set[str]] = {}
    for service in mesh.services.all:
        for number in {one.port for one in service.ports if one.port is not None}:
            found.setdefault(number, set()).add(mesh.hosts.service_name(service).host(domain))
    for entry in mesh.hosts.entries:
        for number in {one.number for one in entry.ports if one.number is not None}:
            found.setdefault(number, set()).update(text.lower() for text in entry.hosts)
    return {number: tuple(sorted(names)) for number, names in found.items()}


def names_beside(scope: SidecarScope, virtual_service: VirtualService, port: int) -> bool:
    """Whether a VirtualService gives the client routes on a port for hosts that the registry lacks there.

    It does on port 80, and wherever another of its hosts has an HTTP port (istiod: virtual hosts of
    VirtualServices).
    """
    if port == _REGISTERED_BY_DEFAULT:
        return True
    wanted = scope.mesh.virtual_services.hosts(virtual_service)
    return any(host_covers(text, host.pattern) for host in _http_hosts(scope, port) for text in wanted)


def _http_hosts(scope: SidecarScope, port: int) -> Iterator[Host]:
    for host in _hosts(scope, port):
        opened = open_port(host, port)
        if opened is not None and may_carry_http(opened):
            yield host


def is_registered(scope: SidecarScope, pattern: str, port: int) -> bool:
    """Whether a host of a VirtualService is one of the registry's on a port, or a wildcard for some."""
    if pattern.startswith("*"):
        return any(host_covers(pattern, host.pattern) for host in _hosts(scope, port))
    found = scope.mesh.hosts.seen_from(pattern, scope.client.namespace, port, _letting_in(scope, port))
    return found is not None and found.pattern == pattern
