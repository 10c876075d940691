"""Routes that send plain requests to servers which expect TLS."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit
from meshlint.checks.world import World


def to_tls(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """An HTTP route leads to a port that is declared as one of TLS, and nothing encrypts for it."""
    from meshlint.traffic.ways.tls_ports import plain_to_tls

    for found in plain_to_tls(world.mesh):
        yield Hit(
            found.at,
            f"{found.owner} sends plain HTTP, but {found.reason}, so requests fail",
            resource=found.owner,
            hint="Name the port after HTTP if that is spoken; else let a DestinationRule originate TLS.",
            about=f"{found.host} {found.port}",
        )
