"""Sections of VirtualServices that none of the servers they are bound to makes use of."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.matching import hosts_overlap
from meshlint.mesh import Found, Mesh
from meshlint.mesh.hosts.protocols import Protocol, declared_protocol
from meshlint.mesh.routing.gateways import server_host
from meshlint.resources.istio.gateway import Gateway, Server
from meshlint.resources.istio.virtual_service import MESH_GATEWAY, VirtualService
from meshlint.values import frozen

SECTIONS = ("http", "tls", "tcp")
_CERTIFICATES = ("credentialName", "credentialNames", "tlsCertificates", "serverCertificate")


@frozen(eq=False, repr=False)
class IdleSection:
    """The `http`, `tls` or `tcp` routes of a VirtualService that no server for its hosts looks at."""

    virtual_service: VirtualService
    section: str
    servers: tuple[Server, ...]


def idle_sections(mesh: Mesh) -> Iterator[IdleSection]:
    """Every section that goes unused because of how the servers treat connections.

    Only VirtualServices of gateways alone are judged, all of whose gateways are in view.
    """
    for virtual_service in mesh.virtual_services:
        servers = tuple(servers_for(mesh, virtual_service))
        used = {section for server in servers for section in sections_of(server)}
        for section in SECTIONS if servers else ():
            if getattr(virtual_service, section) and section not in used:
                yield IdleSection(virtual_service, section, servers)


def servers_for(mesh: Mesh, virtual_service: VirtualService) -> Iterator[Server]:
    """The servers for a VirtualService's hosts; none where some of its gateways are out of view."""
    bound: list[Gateway] = []
    for reference in virtual_service.gateways_or_mesh:
        if reference == MESH_GATEWAY:
            return
        found = mesh.gateways.resolve(reference, virtual_service.resource.namespace)
        if not isinstance(found, Found):
            return
        bound.extend(found.target)
    hosts = mesh.virtual_services.hosts(virtual_service)
    for gateway in bound:
        for server in gateway.servers:
            if _serves(gateway, server, virtual_service.resource.namespace, hosts):
                yield server


def _serves(gateway: Gateway, server: Server, namespace: str, hosts: tuple[str, ...]) -> bool:
    entries = (server_host(text, gateway.resource.namespace) for text in server.hosts)
    return any(
        entry.is_open_to(namespace) and hosts_overlap(entry.host, host) for entry in entries for host in hosts
    )


def sections_of(server: Server) -> tuple[str, ...]:
    """The sections that a server looks at; all of them where its protocol or its TLS is not plain.

    HTTP and HTTPS that is decrypted take `http` routes, TLS that is passed through takes `tls` routes, and
    what is left takes `tcp` routes (Istio: traffic of a Gateway's server).
    """
    protocol, tls = declared_protocol(server.port.protocol), server.tls
    if protocol is Protocol.UNKNOWN or (protocol.is_tls and (tls is None or _is_slip(server))):
        return SECTIONS
    if tls is not None and protocol.is_tls and tls.mode in ("PASSTHROUGH", "AUTO_PASSTHROUGH"):
        return ("tls",) if tls.mode == "PASSTHROUGH" else ()
    return ("http",) if protocol.is_http or protocol is Protocol.HTTPS else ("tcp",)


def _is_slip(server: Server) -> bool:
    """Whether a server with a certificate has no mode, which another rule tells."""
    tls = server.tls
    return tls is not None and not tls.field / "mode" and any(tls.field / key for key in _CERTIFICATES)
