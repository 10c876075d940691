"""Calls that workloads are configured for and that Istio's policies deny."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.shared.calls import reached
from meshlint.checks.world import World
from meshlint.mesh.graph.calls import Call
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.access.istio.workloads import access
from meshlint.security.istio import Request
from meshlint.security.policies.gaps.behind_waypoints import LEFT_OPEN
from meshlint.security.transport.calls import Transport
from meshlint.values import regex

Parameters = Mapping[str, Any]
_PROBED = regex(r"(?<=[^/])(?:/[a-z0-9_-]+)*/(?:healthz?|readyz?|livez?|ready|metrics|ping)/?$")
"""The paths that systems ask for health and metrics by, at the end of a URL."""


def denied(world: World, _: Parameters) -> Iterator[Hit]:
    """A call that the server's policies deny, whatever it asks for."""
    for call, server, port in reached(world):
        probed = _PROBED.search(call.because)
        request = Request(destination_port=port, left_open=LEFT_OPEN)
        found = access(world.mesh, call.client, server, request, call.service)
        if found.hop.transport is Transport.BROKEN:
            continue
        if not found.decision.is_denied:
            if probed is not None:
                yield from _without_token(world, call, server, port, probed[0])
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


def _without_token(world: World, call: Call, server: Workload, port: int, path: str) -> Iterator[Hit]:
    """A call to a path of health or metrics, which systems make without a token, that needs one."""
    bare = LEFT_OPEN - {"claims", "headers", "method", "path"}
    request = Request(destination_port=port, path=path, method="GET", left_open=bare)
    found = access(world.mesh, call.client, server, request, call.service)
    if found.decision.is_denied and found.hop.transport is not Transport.BROKEN:
        policies = (*(match.policy for match in found.decision.deciding), *found.decision.policies)
        yield Hit(
            call.because.field,
            f"{call.client} probes '{path}' of {call.service} without a token, which its policies "
            "demand, so the probe fails",
            resource=call.client.resource,
            hint=f"Let the path pass for namespace {call.client.namespace!r} in a rule of its own.",
            related=tuple(Related(one.resource.at("metadata", "name"), f"{one}") for one in policies[:2]),
            about=str(call.service),
        )
