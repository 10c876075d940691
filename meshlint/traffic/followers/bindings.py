"""How VirtualServices are bound: to gateways by name and host, and to the sidecars of the mesh."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.documents import Text
from meshlint.matching import hosts_overlap
from meshlint.mesh import Found, Mesh, Missing
from meshlint.mesh.routing.gateways import gateway_name, server_host
from meshlint.resources.istio.gateway import Gateway
from meshlint.resources.istio.virtual_service import MESH_GATEWAY, VirtualService
from meshlint.resources.resource import Resource
from meshlint.values import frozen


@frozen(eq=False, repr=False)
class MissingGateway:
    """A gateway that a VirtualService names and that does not exist."""

    virtual_service: VirtualService
    reference: Text
    missing: Missing


@frozen(eq=False, repr=False)
class Servers:
    """The hosts that a gateway serves for one namespace; `gateways` are its alternatives."""

    gateways: tuple[Resource, ...]
    hosts: tuple[str, ...]


@frozen(eq=False, repr=False)
class UnservedHost:
    """A host of a VirtualService that none of its gateways serves; all of them are in view."""

    virtual_service: VirtualService
    host: Text
    servers: tuple[Servers, ...]


@frozen(eq=False, repr=False)
class IdleGateway:
    """A gateway that a VirtualService names though it serves none of its hosts."""

    virtual_service: VirtualService
    reference: Text
    servers: Servers


@frozen(eq=False, repr=False)
class UnboundMatch:
    """A gateway that a match names though the VirtualService is not bound to it."""

    virtual_service: VirtualService
    reference: Text


def missing_gateways(mesh: Mesh) -> Iterator[MissingGateway]:
    """Every gateway that does not exist, once for each name of a VirtualService."""
    for virtual_service in mesh.virtual_services:
        namespace = virtual_service.resource.namespace
        for reference in virtual_service.gateways:
            if reference != MESH_GATEWAY:
                found = mesh.gateways.resolve(reference, namespace)
                if isinstance(found, Missing):
                    yield MissingGateway(virtual_service, reference, found)


def unbound_matches(mesh: Mesh) -> Iterator[UnboundMatch]:
    """Every gateway of a match that is none of its VirtualService's (Istio: VirtualService binding)."""
    for virtual_service in mesh.virtual_services:
        if virtual_service.is_delegate:
            continue
        namespace = virtual_service.resource.namespace
        bound = {_full_name(name, namespace) for name in virtual_service.gateways_or_mesh}
        for reference in _of_matches(virtual_service):
            if _full_name(reference, namespace) not in bound:
                yield UnboundMatch(virtual_service, reference)


def unserved_hosts(mesh: Mesh) -> Iterator[UnservedHost]:
    """Every host that is bound to gateways alone, none of which has a server for it."""
    for virtual_service in mesh.virtual_services:
        bound = tuple(_servers(mesh, virtual_service, name) for name in virtual_service.gateways_or_mesh)
        known = tuple(servers for servers in bound if servers is not None)
        for host in virtual_service.hosts if len(known) == len(bound) else ():
            if not any(_is_served(mesh, virtual_service, host, servers) for servers in known):
                yield UnservedHost(virtual_service, host, known)


def idle_gateways(mesh: Mesh) -> Iterator[IdleGateway]:
    """Every gateway of several that serves none of the hosts of a VirtualService that it is named by."""
    for virtual_service in mesh.virtual_services:
        for reference in virtual_service.gateways if len(virtual_service.gateways) > 1 else ():
            servers = _servers(mesh, virtual_service, reference)
            if servers is not None and not any(
                _is_served(mesh, virtual_service, host, servers) for host in virtual_service.hosts
            ):
                yield IdleGateway(virtual_service, reference, servers)


def _is_served(mesh: Mesh, virtual_service: VirtualService, host: str, servers: Servers) -> bool:
    full = mesh.hosts.expand(host, virtual_service.resource.namespace)
    return any(hosts_overlap(served, full) for served in servers.hosts)


def _servers(mesh: Mesh, virtual_service: VirtualService, reference: str) -> Servers | None:
    """What the gateway of that name serves for the namespace of the VirtualService; None if out of view."""
    namespace = virtual_service.resource.namespace
    if reference == MESH_GATEWAY:
        return None
    kubernetes = mesh.gateways.kubernetes_named(gateway_name(reference, namespace))
    if kubernetes is not None:
        listened = tuple(str(listener.hostname or "*").lower() for listener in kubernetes.listeners)
        return Servers((kubernetes.resource,), listened)
    found = mesh.gateways.resolve(reference, namespace)
    if not isinstance(found, Found):
        return None
    gateways = found.target
    hosts = tuple(host for gateway in gateways for host in open_hosts(gateway, namespace))
    return Servers(tuple(gateway.resource for gateway in gateways), hosts)


def open_hosts(gateway: Gateway, namespace: str) -> Iterator[str]:
    """The hosts that a gateway serves for routes of a namespace."""
    for server in gateway.servers:
        for text in server.hosts:
            entry = server_host(text, gateway.resource.namespace)
            if entry.is_open_to(namespace):
                yield entry.host


def _of_matches(virtual_service: VirtualService) -> Iterator[Text]:
    for http in virtual_service.http:
        for match in http.match:
            yield from match.gateways
    for route in (*virtual_service.tls, *virtual_service.tcp):
        for connection in route.match:
            yield from connection.gateways


def _full_name(reference: str, namespace: str) -> str:
    return reference if reference == MESH_GATEWAY else str(gateway_name(reference, namespace))
