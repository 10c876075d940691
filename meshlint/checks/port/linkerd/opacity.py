"""Ports whose protocol Linkerd's clients and servers see differently, or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.world import World
from meshlint.documents import Text
from meshlint.matching import PortSet
from meshlint.mesh import Mesh
from meshlint.mesh.hosts.protocols import service_port_protocol
from meshlint.resources import Resource
from meshlint.security.linkerd.authorization.protocols import Protocol, default_protocol, server_protocol
from meshlint.security.linkerd.opaque_ports import (
    HTTP_PROTOCOLS,
    PortInUse,
    client_says_opaque,
    is_left_to_annotations,
    ports_in_use,
    server_says_opaque,
    service_list,
)
from meshlint.security.linkerd.ports import port_list, skipped_inbound
from meshlint.security.linkerd.servers import servers_on
from meshlint.security.membership.annotations import OPAQUE
from meshlint.security.membership.linkerd import linkerd_proxy

Parameters = Mapping[str, Any]
_SPEAKS_HTTP = frozenset({"grpc", "http2", "http/2", "h2", "kubernetes.io/ws", "ws", "http/1", "http/1.1"})
_SERVER_FIRST = {4222: "NATS", 6222: "NATS", 4567: "Galera", 4568: "Galera"}


def list_void(world: World, _: Parameters) -> Iterator[Hit]:
    """A list of opaque ports with an entry that voids all of it for the server side."""
    for resource, value in _lists(world.mesh):
        unreadable = port_list(value).unreadable
        if unreadable:
            yield Hit(
                value.field,
                f"{resource} lists '{unreadable[0]}' as an opaque port, so servers read none of the list",
                resource=resource,
                hint="The policy controller takes numbers and ranges only. Write the number of the port.",
            )


def mismatch(world: World, _: Parameters) -> Iterator[Hit]:
    """A port that is opaque for the pods and not for the Service, or the other way."""
    for use in ports_in_use(world.mesh):
        if not is_left_to_annotations(world.mesh, use):
            continue
        client, server = client_says_opaque(world.mesh, use), server_says_opaque(world.mesh, use)
        if client != server:
            written = service_list(world.mesh, use.service)
            place = written.field if client and written is not None else use.port.field
            one, other = ("clients", "its pods") if client else ("its pods", "clients")
            yield Hit(
                place,
                f"{use.service} has port {use.port.port} opaque for {one} and not for {other}",
                resource=use.service.resource,
                hint=_agreement(use, client=client),
                related=(Related(use.workload.field / "metadata" / "name", f"the pods of {use.workload}"),),
                about=f"{use.port.port} {use.workload}",
            )


def _agreement(use: PortInUse, *, client: bool) -> str:
    """How both sides come to say the same; what is named after HTTP is to be opaque for neither."""
    place, number = ("Service", use.port.port) if client else ("pods", use.target)
    if service_port_protocol(use.port).is_http:
        return f"The port speaks HTTP: take {number} out of `{OPAQUE}` of the {place}."
    both = f"List {use.port.port} in `{OPAQUE}` of the Service, and {use.target} in the pods'"
    return f"{both}; or take {number} out of that of the {place}, if it speaks HTTP."


def default_dropped(world: World, _: Parameters) -> Iterator[Hit]:
    """A list that leaves out a port which would be opaque without it."""
    default = port_list(world.settings.linkerd.opaque_ports).ports
    for workload in world.mesh.workloads.all:
        written = workload.pod.annotations.get(OPAQUE)
        if written is None or not linkerd_proxy(world.mesh, workload).is_present:
            continue
        kept = port_list(written).ports
        lost = [one for one in workload.pod.ports() if _in(default, one.container_port)]
        for port in lost:
            if not _in(kept, port.container_port):
                yield Hit(
                    written.field,
                    f"{workload} has a list without port {port.container_port}, so it is opaque no longer",
                    resource=workload.resource,
                    hint="The list replaces the default one.",
                    about=str(port.container_port),
                )


def app_protocol(world: World, _: Parameters) -> Iterator[Hit]:
    """An `appProtocol` that means HTTP elsewhere and opaque bytes here."""
    for use in ports_in_use(world.mesh):
        protocol = use.port.app_protocol
        if protocol and protocol.lower() in _SPEAKS_HTTP:
            yield Hit(
                protocol.field,
                f"{use.service} says '{protocol}', which means opaque bytes to Linkerd, so routes do nothing",
                resource=use.service.resource,
                hint="Write `kubernetes.io/h2c` for HTTP/2 and gRPC, `http` for HTTP/1, or nothing.",
                about=str(use.port.port),
            )


def app_protocol_wins(world: World, _: Parameters) -> Iterator[Hit]:
    """An opaque port that its `appProtocol` makes HTTP again."""
    for use in ports_in_use(world.mesh):
        protocol, written = use.port.app_protocol, use.service.annotations.get(OPAQUE)
        if not protocol or written is None or protocol.lower() not in HTTP_PROTOCOLS:
            continue
        if port_list(written).ports.admits(use.port.port or 0):
            yield Hit(
                written.field,
                f"{use.service} lists port {use.port.port} as opaque, which '{protocol}' overrides",
                resource=use.service.resource,
                related=(Related(protocol.field, "this counts"),),
                about=str(use.port.port),
            )


def server_disagrees(world: World, _: Parameters) -> Iterator[Hit]:
    """A Server whose protocol is not what the clients of the Service speak."""
    for use in ports_in_use(world.mesh):
        client = client_says_opaque(world.mesh, use)
        written = service_list(world.mesh, use.service)
        if use.port.app_protocol is None and written is None:
            continue
        for server in servers_on(world.mesh, use.workload, use.target):
            protocol = server_protocol(server)
            if client == (protocol is Protocol.OPAQUE) or protocol in (Protocol.DETECT, Protocol.TLS):
                continue
            kind = "opaque bytes" if client else "HTTP"
            yield Hit(
                server.resource.spec / "proxyProtocol",
                f"{server} declares '{protocol.value}' where clients send {kind}",
                resource=server.resource,
                hint="Let `proxyProtocol`, the Service's `appProtocol` and its opaque ports say the same.",
                related=(Related(use.port.field, f"the port of {use.service}"),),
                about=str(use.service),
            )


def server_first(world: World, _: Parameters) -> Iterator[Hit]:
    """A port for a protocol in which the server speaks first, left to detection."""
    for workload in world.mesh.workloads.all:
        if not linkerd_proxy(world.mesh, workload).is_present:
            continue
        skipped = skipped_inbound(world.mesh, workload).ports
        for port in workload.pod.ports():
            number = port.container_port
            name = _SERVER_FIRST.get(number or 0)
            if name is None or number is None or skipped.admits(number):
                continue
            is_said = bool(servers_on(world.mesh, workload, number))
            if not is_said and default_protocol(world.mesh, workload, number) is Protocol.DETECT:
                yield Hit(
                    port.field / "containerPort",
                    f"{workload} has port {number} of {name}, where servers speak first, so calls stall",
                    resource=workload.resource,
                    hint=f"Mark it as opaque with `{OPAQUE}`.",
                )


def _in(ports: PortSet, number: int | None) -> bool:
    return number is not None and ports.admits(number)


def _lists(mesh: Mesh) -> Iterator[tuple[Resource, Text]]:
    for declared in (*mesh.resources.of("", "Namespace"), *mesh.resources.of("", "Service")):
        value = declared.annotations.get(OPAQUE)
        if value is not None:
            yield declared, value
    for workload in mesh.workloads.all:
        value = workload.pod.annotations.get(OPAQUE)
        if value is not None:
            yield workload.resource, value
