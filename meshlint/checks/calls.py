"""Calls that workloads are configured for and that the mesh will not let through."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.world import World
from meshlint.mesh.graph.calls import Call, calls
from meshlint.mesh.hosts.services import target_ports
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.access.istio.workloads import access
from meshlint.security.istio import Request
from meshlint.security.membership.linkerd import linkerd_proxy
from meshlint.security.policies.gaps.behind_waypoints import LEFT_OPEN
from meshlint.security.transport.calls import Transport, hop

Parameters = Mapping[str, Any]


def broken(world: World, _: Parameters) -> Iterator[Hit]:
    """A call whose client and server do not agree on TLS."""
    for call, server, port in _reached(world):
        way = hop(world.mesh, call.client, server, port)
        if way.transport is Transport.BROKEN:
            yield Hit(
                call.because.field,
                f"{call.client} calls {call.service}, where {way.reason}, so the call fails",
                resource=call.client.resource,
                related=tuple(Related(one.field, f"{one} decides this") for one in way.deciding[:2]),
                about=str(call.service),
            )


def denied(world: World, _: Parameters) -> Iterator[Hit]:
    """A call that the server's policies deny, whatever it asks for."""
    for call, server, port in _reached(world):
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


def denied_by_linkerd(world: World, _: Parameters) -> Iterator[Hit]:
    """A call that Linkerd's policies for the server deny, whatever it asks for."""
    from meshlint.security.access import AccessDesk, AccessRequest, Target

    desk = AccessDesk(world.mesh)
    for call, server, port in _reached(world):
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


def _reached(world: World) -> Iterator[tuple[Call, Workload, int]]:
    """The calls that lead to one workload and one container port of it, so that there is no doubt."""
    for call in calls(world.mesh):
        behind = world.mesh.services.backing(call.service)
        ports = [port for port in call.service.ports if call.port in (None, port.port)]
        if len(behind) == 1 and len(ports) == 1:
            targets = target_ports(ports[0], behind[0])
            if len(targets) == 1:
                yield call, behind[0], next(iter(targets))
