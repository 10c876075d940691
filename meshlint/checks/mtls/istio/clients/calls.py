"""Calls that workloads are configured for and whose two sides do not agree on TLS."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.shared.calls import reached
from meshlint.checks.world import World
from meshlint.security.transport.calls import Transport, hop

Parameters = Mapping[str, Any]


def broken(world: World, _: Parameters) -> Iterator[Hit]:
    """A call whose client and server do not agree on TLS."""
    for call, server, port in reached(world):
        way = hop(world.mesh, call.client, server, port)
        if way.transport is Transport.BROKEN:
            yield Hit(
                call.because.field,
                f"{call.client} calls {call.service}, where {way.reason}, so the call fails",
                resource=call.client.resource,
                related=tuple(Related(one.field, f"{one} decides this") for one in way.deciding[:2]),
                about=str(call.service),
            )
