"""Servers of Linkerd that name ports which no pod has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.world import World
from meshlint.documents import Text
from meshlint.mesh import Mesh
from meshlint.mesh.hosts.services import target_ports
from meshlint.mesh.names.nearest import nearest
from meshlint.resources.kubernetes.service import Service
from meshlint.resources.kubernetes.workload import Workload
from meshlint.resources.linkerd.server import Server
from meshlint.security.linkerd.servers import ports_on

Parameters = Mapping[str, Any]


def port_name_missing(world: World, _: Parameters) -> Iterator[Hit]:
    """A Server whose port name none of the selected pods has."""
    for server in world.mesh.linkerd.servers:
        port = server.port
        selected = world.mesh.linkerd.selected(server)
        if not isinstance(port, Text) or not selected or port.strip().isdigit():
            continue
        if not any(ports_on(server, workload) for workload in selected):
            yield Hit(
                port.field,
                f"{server} names port '{port}', which no selected pod has, so it governs nothing",
                resource=server.resource,
                hint=_about_names(port, selected),
                related=(Related(selected[0].field / "metadata" / "name", f"{selected[0]} is selected"),),
            )


def port_undeclared(world: World, _: Parameters) -> Iterator[Hit]:
    """A Server for a port number that no selected container declares, nor any Service has."""
    for server, number, selected in _undeclared(world.mesh):
        if not any(_leading(world.mesh, selected, number)):
            yield Hit(
                server.resource.spec / "port",
                f"{server} governs port {number}, which no selected container declares",
                resource=server.resource,
                hint="The policy counts there all the same. If it is a typo, the port meant is open.",
            )


def service_port(world: World, _: Parameters) -> Iterator[Hit]:
    """A Server for the port of a Service, where that of the container counts (Linkerd: Server)."""
    for server, number, selected in _undeclared(world.mesh):
        for service, target in _leading(world.mesh, selected, number):
            yield Hit(
                server.resource.spec / "port",
                f"{server} governs port {number} of {service}, but its pods get those calls at {target}, "
                "so it governs nothing",
                resource=server.resource,
                hint=f"Name the container's port, {target}.",
                related=(Related(service.resource.at("metadata", "name"), "the Service"),),
            )
            break


def _undeclared(mesh: Mesh) -> Iterator[tuple[Server, int, tuple[Workload, ...]]]:
    """Servers for a number that no container of their pods declares, though these declare some."""
    for server in mesh.linkerd.servers:
        selected = mesh.linkerd.selected(server)
        if not isinstance(server.port, int) or not selected:
            continue
        declared = {one.container_port for workload in selected for one in workload.pod.ports()}
        if declared and server.port not in declared | {4143, 4191}:
            yield server, server.port, selected


def _leading(mesh: Mesh, selected: tuple[Workload, ...], number: int) -> Iterator[tuple[Service, int]]:
    """The Services before some pods that have a port of that number, each with the container's."""
    for workload in selected:
        for service in mesh.services.of(workload):
            entry = service.port(number)
            for target in () if entry is None else sorted(target_ports(entry, workload)):
                if target != number:
                    yield service, target


def _about_names(port: str, selected: tuple[Workload, ...]) -> str:
    declared = [one for workload in selected for one in workload.pod.ports() if one.name]
    if any(one.name == port for one in declared):
        return f"The port '{port}' is not a TCP port, and Linkerd sees no other."
    known = sorted({str(one.name) for one in declared if one.protocol == "TCP"})
    close = nearest(port, known)
    if close:
        return f"Did you mean {', '.join(f'`{name}`' for name in close)}?"
    listed = ", ".join(f"`{name}`" for name in known[:5])
    return f"The pods name {listed}." if known else "The pods name no port; use the number."
