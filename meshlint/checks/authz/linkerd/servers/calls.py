"""Calls that workloads are configured for and that Linkerd's policies deny."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.shared.calls import reached
from meshlint.checks.world import World
from meshlint.security.membership.linkerd import linkerd_proxy

Parameters = Mapping[str, Any]


def denied_by_linkerd(world: World, _: Parameters) -> Iterator[Hit]:
    """A call that Linkerd's policies for the server deny, whatever it asks for."""
    from meshlint.security.access import AccessDesk, AccessRequest, Target

    desk = AccessDesk(world.mesh)
    for call, server, port in reached(world):
        if not linkerd_proxy(world.mesh, server).is_present:
            continue
        dialed = call.port or call.service.ports[0].port
        target = Target(server, port, call.service, dialed)
        found = desk.decide(call.client, target, AccessRequest(str(call.service)))
        if found.is_denied:
            yield Hit(
                call.because.field,
                f"{call.client} calls {call.service}, which admits others only, so the call fails",
                resource=call.client.resource,
                hint=f"It comes as '{found.identity}'."
                if found.identity
                else "It comes without an identity.",
                related=tuple(Related(one.at, one.label) for one in found.deciding[:2] if one.at is not None),
                about=str(call.service),
            )
