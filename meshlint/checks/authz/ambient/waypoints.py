"""Policies before, at and behind waypoints that do not go together, and calls that go past them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.shared.ambient import ambient_traffic
from meshlint.checks.shared.waypoints import unenforced
from meshlint.checks.world import World
from meshlint.mesh.graph.calls import calls
from meshlint.mesh.policies.attachment import Attachable
from meshlint.mesh.workloads.waypoints import INGRESS_USE_WAYPOINT, Waypoint
from meshlint.resources.istio.authorization_policy import AuthorizationPolicy
from meshlint.resources.kubernetes.service import Service
from meshlint.security.ambient.targets import WaypointTargets
from meshlint.security.ambient.waypoints import attached_at_waypoint, identity_of_waypoint
from meshlint.security.membership.istio import istio_sidecar
from meshlint.security.policies.gaps.behind_waypoints import (
    AmbientCallers,
    Behind,
    admits_waypoints_itself,
    behind_waypoints,
)

Parameters = Mapping[str, Any]


def waypoint_kept_out(world: World, _: Parameters) -> Iterator[Hit]:
    """A policy at ztunnel that keeps the waypoint out, and so everyone whom it stands for."""
    told: set[int] = set()
    callers = AmbientCallers(world.mesh)
    for one in () if admits_waypoints_itself(world.mesh) else behind_waypoints(world.mesh):
        if not one.for_waypoint.is_denied or one.waypoint.gateway is None:
            continue
        policy = _first((*(match.policy for match in one.for_waypoint.deciding), *one.for_waypoint.policies))
        if policy is None or id(policy) in told or not _somebody_calls(world, one, callers):
            continue
        told.add(id(policy))
        identity = identity_of_waypoint(world.mesh, one.waypoint)
        yield Hit(
            policy.resource.at("metadata", "name"),
            f"{policy} does not admit {one.waypoint}, so calls to {one.service.name!r} are denied",
            resource=policy.resource,
            hint=f"Behind a waypoint ztunnel sees the waypoint's identity: admit '{identity}'.",
            related=(Related(one.waypoint.gateway.resource.at("metadata", "name"), "the waypoint"),),
        )


def _somebody_calls(world: World, one: Behind, callers: AmbientCallers) -> bool:
    """Whether calls by way of the waypoint are meant: it has rules for them, or the server's name callers."""
    attached = attached_at_waypoint(world.mesh.authorization_policies, one.waypoint, one.service)
    if any(policy.action == "ALLOW" and policy.rules for policy in attached):
        return True
    return callers.admitted(one) is not None


def waypoint_lets_all_in(world: World, _: Parameters) -> Iterator[Hit]:
    """A policy at ztunnel that admits the waypoint, which itself admits everyone."""
    told: set[int] = set()
    for one in behind_waypoints(world.mesh):
        if not (one.for_stranger.is_denied and one.for_waypoint.is_allowed):
            continue
        policy = _first(match.policy for match in one.for_waypoint.deciding)
        if policy is None or id(policy) in told or one.at_waypoint is None or not one.at_waypoint.is_allowed:
            continue
        told.add(id(policy))
        yield Hit(
            policy.resource.at("metadata", "name"),
            f"{policy} admits {one.waypoint}, which lets everyone in, so all may call {one.service.name!r}",
            resource=policy.resource,
            hint=f"Attach an ALLOW policy for {one.service} to the waypoint with `targetRefs`.",
            related=(Related(one.service.resource.at("metadata", "name"), "the service"),),
        )


def pods_open_past_waypoint(world: World, _: Parameters) -> Iterator[Hit]:
    """A policy at a waypoint alone, so that whoever calls a pod directly is not held to it."""
    told: set[int] = set()
    for one in behind_waypoints(world.mesh):
        if not one.for_stranger.is_allowed or one.at_waypoint is None or one.at_waypoint.is_allowed:
            continue
        attached = attached_at_waypoint(world.mesh.authorization_policies, one.waypoint, one.service)
        policy = _first(policy for policy in attached if not policy.is_dry_run)
        if policy is not None and id(policy) not in told:
            told.add(id(policy))
            yield Hit(
                policy.field / "targetRefs" if policy.field / "targetRefs" else policy.field / "targetRef",
                f"{policy} stands at the waypoint of {one.service.name!r} alone, so calls to pods skip it",
                resource=policy.resource,
                on_key=True,
                hint="Add a policy with `selector` that admits the waypoint's identity alone.",
                related=(Related(one.server.resource.at("metadata", "name"), "its pods"),),
            )


def sidecar_goes_past(world: World, _: Parameters) -> Iterator[Hit]:
    """A client with a sidecar that calls a service whose policies stand at a waypoint."""
    for call in calls(world.mesh):
        policy = guarding(world, call.service)
        if policy is not None and istio_sidecar(world.mesh, call.client).is_present:
            yield Hit(
                call.because.field,
                f"{call.client} calls {call.service.name!r} past its waypoint, so {policy.name!r} is skipped",
                resource=call.client.resource,
                hint="Sidecars send their calls to the pods: take the client into ambient mode.",
                related=(Related(policy.resource.at("metadata", "name"), "the policy"),),
                about=str(call.service),
            )


def guarding(world: World, service: Service) -> AuthorizationPolicy | None:
    """A policy that only the waypoint of a service enforces."""
    waypoint = None if service.is_headless else served_by(world, service)
    if waypoint is None:
        return None
    attached = attached_at_waypoint(world.mesh.authorization_policies, waypoint, service)
    return _first(policy for policy in attached if not policy.is_dry_run)


def headless(world: World, _: Parameters) -> Iterator[Hit]:
    """A policy for a headless service, whose calls are addressed to pods."""
    targets = WaypointTargets(world.mesh)
    for policy in world.mesh.authorization_policies.all:
        for ref in policy.target_refs:
            found = targets.of(policy, ref)
            if found is None or not found.is_headless or not found.enrolment.is_served:
                continue
            yield Hit(
                ref.field / "name",
                f"{policy} targets {ref.name!r}, which is headless, so calls to it skip the waypoint",
                resource=policy.resource,
                hint="Calls to a headless Service go to its pods: hold those to a policy with `selector`.",
                related=(Related(found.resource.at("spec", "clusterIP"), "it has no address of its own"),),
            )


def served_by(world: World, service: Service) -> Waypoint | None:
    """The waypoint that surely serves a service."""
    enrolment = world.mesh.waypoints.of_service(service)
    return enrolment.waypoint if enrolment.is_served else None


def _first(policies: Iterable[AuthorizationPolicy]) -> AuthorizationPolicy | None:
    """The first by name, so that the order of files does not matter."""
    return min(policies, key=lambda one: (one.namespace, one.name), default=None)


def policy_without_waypoint(world: World, _: Parameters) -> Iterator[Hit]:
    """A policy of security that targets what no waypoint serves."""
    mesh = world.mesh
    policies: list[Attachable] = [*mesh.authorization_policies.all, *mesh.request_authentications.all]
    yield from unenforced(world, policies, "nothing enforces it")


def ingress_goes_past(world: World, _: Parameters) -> Iterator[Hit]:
    """A gateway that calls a service whose policies stand at its waypoint."""
    calls = ambient_traffic(world).gateway_calls() if world.mesh.waypoints.all else ()
    for call in calls:
        policy = guarding(world, call.service)
        if policy is not None and world.mesh.waypoints.ingress_uses(call.service) is False:
            yield Hit(
                call.at,
                f"{call.resource} calls {call.service.name!r} past its waypoint, "
                f"so {policy.name!r} is skipped",
                resource=call.resource,
                hint=f"Label the Service '{INGRESS_USE_WAYPOINT}: \"true\"' to send them through it.",
                related=(Related(policy.resource.at("metadata", "name"), "the policy at the waypoint"),),
                about=str(call.service),
            )
