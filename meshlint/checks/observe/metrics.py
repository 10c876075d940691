"""Metrics that anybody may read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit
from meshlint.checks.world import World
from meshlint.matching import port_number
from meshlint.security.membership.istio import istio_sidecar
from meshlint.security.transport.capture import inbound_bypass

SCRAPED_PORT = "prometheus.io/port"


def past_the_proxy(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """The port that metrics are read from goes past the sidecar."""
    for workload in world.mesh.workloads.all:
        port = workload.pod.annotations.get(SCRAPED_PORT)
        number = None if port is None else port_number(port)
        if port is None or number is None or not inbound_bypass(workload).takes(number):
            continue
        if istio_sidecar(world.mesh, workload).is_present:
            yield Hit(
                port.field,
                f"{workload} serves metrics on port {number}, past its proxy, so any pod may read them",
                resource=workload.resource,
                hint="Let the proxy take the port: it merges the application's metrics into its own.",
            )
