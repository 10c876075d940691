"""Calls that workloads are configured for and whose two sides do not agree on TLS."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.shared.calls import reached
from meshlint.checks.world import World
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.membership.istio import istio_ambient, istio_sidecar
from meshlint.security.transport.calls import Transport, hop
from meshlint.security.transport.hidden import hiding_sidecar

Parameters = Mapping[str, Any]


def broken(world: World, _: Parameters) -> Iterator[Hit]:
    """A call whose client and server do not agree on TLS."""
    for call, server, port in reached(world):
        way = hop(world.mesh, call.client, server, port)
        # What a Sidecar leaves out is told of where the Sidecar stands.
        told = hiding_sidecar(world.mesh, call.client, call.service, call.port or port)
        if way.transport is Transport.BROKEN and told is None:
            yield Hit(
                call.because.field,
                f"{call.client} calls {call.service}, where {way.reason}, so the call fails",
                resource=call.client.resource,
                hint=_way_out(world, call.client),
                related=tuple(Related(one.field, f"{one} decides this") for one in way.deciding[:2]),
                about=str(call.service),
            )


def _way_out(world: World, client: Workload) -> str | None:
    """What helps a client without a proxy, whose calls are all plaintext."""
    if not istio_sidecar(world.mesh, client).is_absent or not istio_ambient(world.mesh, client).is_absent:
        return None
    return (
        f"Bring {client.namespace}/{client.name} into the mesh (label `istio-injection: enabled` at its "
        "namespace), or let the server take plaintext (PERMISSIVE) until it is."
    )
