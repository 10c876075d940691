"""Which ports of which pods a Server governs (Linkerd: Server to pod and port)."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.documents import Text
from meshlint.mesh import Mesh
from meshlint.resources.kubernetes.container import ContainerPort
from meshlint.resources.kubernetes.workload import Workload
from meshlint.resources.linkerd.server import Server

PROXY_PORTS = {"linkerd-proxy": 4143, "linkerd-admin": 4191}
"""Ports of the container that injection adds, by name."""


def ports_on(server: Server, workload: Workload) -> tuple[int, ...]:
    """The ports of the pods of `workload` that `server` speaks of, whether or not it selects them.

    A number counts also where no container declares it; a name stands for every TCP port of that name.
    """
    port = server.port
    if isinstance(port, Text):
        found = {one.container_port for one in tcp_ports_named(workload, port) if one.container_port}
        return tuple(sorted(found | ({PROXY_PORTS[port]} if port in PROXY_PORTS else set())))
    return () if port is None else (port,)


def tcp_ports_named(workload: Workload, name: str) -> tuple[ContainerPort, ...]:
    """The TCP ports of that name that the containers of `workload` declare."""
    return tuple(port for port in workload.pod.ports() if port.name == name and port.protocol == "TCP")


def servers_on(mesh: Mesh, workload: Workload, port: int) -> tuple[Server, ...]:
    """The Servers that claim a port, by name: with the creation time unknown, any of them may be the one.

    The oldest counts and the others are left out for that port; the name only breaks a tie (Linkerd: Server).
    """
    found = (one for one in mesh.linkerd.servers_of(workload) if port in ports_on(one, workload))
    return tuple(sorted(found, key=lambda one: one.name))


def governed(mesh: Mesh, server: Server) -> Iterator[tuple[Workload, int]]:
    """The workloads and ports that `server` selects."""
    for workload in mesh.linkerd.selected(server):
        for port in ports_on(server, workload):
            yield workload, port
