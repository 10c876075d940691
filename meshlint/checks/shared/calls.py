"""Calls that lead to one port of one workload."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.checks.world import World
from meshlint.mesh.graph.calls import Call, calls
from meshlint.mesh.hosts.services import target_ports
from meshlint.resources.kubernetes.workload import Workload


def reached(world: World) -> Iterator[tuple[Call, Workload, int]]:
    """The calls that lead to one workload and one container port of it, so that there is no doubt."""
    for call in calls(world.mesh):
        behind = world.mesh.services.backing(call.service)
        ports = [port for port in call.service.ports if call.port in (None, port.port)]
        if len(behind) == 1 and len(ports) == 1:
            targets = target_ports(ports[0], behind[0])
            if len(targets) == 1:
                yield call, behind[0], next(iter(targets))
