"""The servers of Istio's Gateways, with their protocols."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.checks.world import World
from meshlint.mesh.hosts.protocols import Protocol, declared_protocol
from meshlint.resources.istio.gateway import Gateway, Server
from meshlint.resources.resource import Resource


def servers(world: World) -> Iterator[tuple[Resource, Gateway, Server, Protocol]]:
    """Every server of every Gateway with its protocol."""
    for gateway in world.mesh.gateways.all:
        for server in gateway.servers:
            yield gateway.resource, gateway, server, declared_protocol(server.port.protocol)
