"""Calls that workloads are configured for and that Istio's policies deny."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.shared.calls import reached
from meshlint.checks.world import World
from meshlint.security.access.istio.workloads import access
from meshlint.security.istio import Request
from meshlint.security.policies.gaps.behind_waypoints import LEFT_OPEN
from meshlint.security.transport.calls import Transport

Parameters = Mapping[str, Any]


def denied(world: World, _: Parameters) -> Iterator[Hit]:
    """A call that the server's policies deny, whatever it asks for."""
    for call, server, port in reached(world):
        request = Request(destination_port=port, left_open=LEFT_OPEN)
        found = access(world.mesh, call.client, server, request, call.service)
        if found.hop.transport is Transport.BROKEN or not found.decision.is_denied:
            continue
        if (
            found.waypoint is not None
            and access(world.mesh, call.client, server, request).decision.is_allowed
        ):
            # The policy that keeps the waypoint out is told of instead.
            continue
        policies = (*(match.policy for match in found.decision.deciding), *found.decision.policies)
        yield Hit(
            call.because.field,
            f"{call.client} calls {call.service}, whose policies deny it, so the call fails",
            resource=call.client.resource,
            hint=f"It comes as '{found.identity}'." if found.identity else "It comes without an identity.",
            related=tuple(Related(one.resource.at("metadata", "name"), f"{one}") for one in policies[:2]),
            about=str(call.service),
        )
