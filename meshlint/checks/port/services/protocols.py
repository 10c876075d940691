"""Ports whose protocol keeps routes from working, or is not known."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.world import World
from meshlint.mesh.hosts.protocols import HostPort, Protocol, host_ports, service_port_protocol
from meshlint.mesh.hosts.registry import Host
from meshlint.mesh.questions.spoken import speaking
from meshlint.mesh.routing.virtual_services import is_for_mesh
from meshlint.resources.istio.virtual_service import VirtualService
from meshlint.resources.resource import Resource

_OPAQUE = frozenset({"linkerd.io/opaque", "linkerd.io/tcp"})
_OPAQUE_PORTS = "config.linkerd.io/opaque-ports"
_MAY_BE_HTTP = frozenset(one for one in Protocol if one.may_be_http)
_MAY_BE_TLS = frozenset({Protocol.HTTPS, Protocol.TLS, Protocol.UNKNOWN})
_LINKERD_HTTP = frozenset({"http", "kubernetes.io/h2c"})


def _for_sidecars(
    world: World, section: str, seen: Collection[Protocol]
) -> Iterator[tuple[VirtualService, Host, tuple[HostPort, ...]]]:
    """VirtualServices with a section that only sidecars follow, with each host of theirs in view that has
    ports of which none is of the protocols that are seen.
    """
    others = {id(one) for one in speaking(world.mesh, *(one for one in Protocol if one not in seen))}
    for virtual_service in world.mesh.virtual_services:
        if not getattr(virtual_service, section):
            continue
        if not is_for_mesh(virtual_service) or len(virtual_service.gateways) > 1:
            continue
        for host in world.mesh.virtual_services.hosts(virtual_service):
            known = world.mesh.hosts.known(host)
            if known is None or (known.service is not None and id(known.service) not in others):
                continue
            ports = host_ports(known)
            if ports and not any(port.protocol in seen for port in ports):
                yield virtual_service, known, ports


def http_routes_idle(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """HTTP routes are for a host on whose ports no requests are seen."""
    hint = "Name the port `http-…` if it speaks HTTP; else use tcp or tls routes."
    return _routes_idle(world, "http", _MAY_BE_HTTP, hint)


def tls_routes_idle(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """TLS routes are for a host on whose ports no server names are seen."""
    hint = "Name the port `https-…` or `tls-…` if it speaks TLS; else use http or tcp."
    return _routes_idle(world, "tls", _MAY_BE_TLS, hint)


def _routes_idle(world: World, section: str, seen: frozenset[Protocol], hint: str) -> Iterator[Hit]:
    for virtual_service, host, ports in _for_sidecars(world, section, seen):
        yield Hit(
            virtual_service.field / section,
            f"{virtual_service.resource} has {section} routes for {host.name}, whose ports are "
            f"{_protocols(ports)}, so they are idle",
            resource=virtual_service.resource,
            on_key=True,
            hint=hint,
            related=tuple(Related(port.field, "a port") for port in ports[:3]),
            about=host.name,
        )


def _protocols(ports: tuple[HostPort, ...]) -> str:
    return " and ".join(sorted({port.protocol.name for port in ports}))


def unnamed(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """Nothing says which protocol a port speaks."""
    for service in speaking(world.mesh, Protocol.UNKNOWN):
        for port in service.ports:
            if service_port_protocol(port) is Protocol.UNKNOWN and not port.app_protocol:
                yield Hit(
                    port.field / "name" if port.name else port.field,
                    f"{service} does not say what port {port.port} speaks, so proxies guess",
                    resource=service.resource,
                    hint="Name it after its protocol (`http-…`, `grpc-…`, `tcp-…`), or set appProtocol.",
                    about=str(port.port),
                )


def app_protocol_unknown(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """An appProtocol means nothing to Istio, though the port's name would."""
    for service in world.mesh.services.all:
        for port in service.ports:
            known = service_port_protocol(port)
            unknown = known is Protocol.UNKNOWN and port.app_protocol not in _OPAQUE
            if port.app_protocol and unknown and world.traffic.status.meshes.istio:
                yield Hit(
                    port.app_protocol.field,
                    f"{service} has appProtocol {str(port.app_protocol)!r}, which Istio does not know, "
                    "so proxies guess",
                    resource=service.resource,
                    hint="It takes the place of the port's name: leave it out, or use http, grpc or tcp.",
                    about=str(port.port),
                )


def opaque_to_linkerd(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """An appProtocol makes Linkerd treat a port as opaque."""
    from meshlint.checks.shared.linkerd_routes import uses_linkerd

    if not uses_linkerd(world):
        return
    for service in world.mesh.services.all:
        for port in service.ports:
            value = (port.app_protocol or "").lower()
            plain = value in _LINKERD_HTTP or value in _OPAQUE or value in ("tcp", "tls", "https", "")
            if not plain and port.app_protocol is not None:
                yield Hit(
                    port.app_protocol.field,
                    f"{service} has appProtocol {str(port.app_protocol)!r}, which Linkerd takes for opaque, "
                    "so routes and retries do not apply",
                    resource=service.resource,
                    hint="Linkerd knows `http` and `kubernetes.io/h2c`; without one it detects the protocol.",
                    about=str(port.port),
                )


def opaque_ports_unreadable(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A list of opaque ports holds something that is no port."""
    for resource in world.mesh.picked(world.resources.resources, _lists_opaque):
        text = resource.annotations.get(_OPAQUE_PORTS)
        for token in text.split(",") if text else ():
            if token.strip() and not _is_port(token.strip()):
                yield Hit(
                    resource.annotations[_OPAQUE_PORTS].field,
                    f"{resource} lists opaque port {token.strip()!r}, so the whole list is void",
                    resource=resource,
                    hint="List numbers and ranges such as `3306,5432-5433`.",
                    about=token,
                )


def _lists_opaque(resource: Resource) -> bool:
    """Whether an object has such a list: all are asked, and none is to keep its annotations for it."""
    return _OPAQUE_PORTS in resource.written("annotations")


def _is_port(token: str) -> bool:
    low, dash, high = token.partition("-")
    numbers = [low, high] if dash else [low]
    if not all(number.isascii() and number.isdecimal() for number in numbers):
        return False
    if not all(0 < int(number[:6]) < 65536 for number in numbers):
        return False
    return not dash or int(low) <= int(high)
