"""Objects for pods before which only ztunnel stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshlint.checks.hit import Hit, Related
from meshlint.checks.world import World
from meshlint.mesh import Mesh
from meshlint.mesh.policies.attachment import Attachable
from meshlint.mesh.workloads.waypoints import WAYPOINT_CLASS
from meshlint.resources.istio.authorization_policy import AuthorizationPolicy
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.membership.istio import DATAPLANE_MODE, all_ambient

if TYPE_CHECKING:
    from meshlint.traffic.followers.ambient import AmbientTraffic


def tried_by_ztunnel(mesh: Mesh, policy: AuthorizationPolicy) -> bool:
    """Whether a policy is for pods alone before which only ztunnel stands."""
    return not policy.target_refs and is_idle(mesh, policy, mesh.authorization_policies.selected(policy))


def is_idle(mesh: Mesh, policy: Attachable, selected: tuple[Workload, ...]) -> bool:
    """Whether only ztunnel stands before all pods that a policy is for.

    A policy for all of a namespace is for the gateways as well that Istio runs there without a manifest.
    """
    if not all_ambient(mesh, selected):
        return False
    if policy.selector is not None and policy.selector.labels:
        return True
    wide = policy.resource.namespace == mesh.settings.root_namespace
    return not any(
        (wide or gateway.namespace == policy.resource.namespace)
        and gateway.gateway_class_name != WAYPOINT_CLASS
        for gateway in mesh.kubernetes_gateways
    )


def idle(policy: Attachable, workload: Workload, effect: str) -> Hit:
    """A hit that says that nothing heeds an object for pods in ambient mode."""
    return Hit(
        policy.resource.at("metadata", "name"),
        f"{policy.resource} is for pods in ambient mode without `targetRefs`, {effect}",
        resource=policy.resource,
        hint="Attach it to the waypoint or to the Service with `targetRefs`.",
        related=(Related(workload.resource.at("metadata", "name"), f"{DATAPLANE_MODE} is ambient"),),
    )


def ambient_traffic(world: World) -> AmbientTraffic:
    """What becomes of routes and rules in ambient mode; loaded only when it is asked for."""
    from meshlint.traffic.followers.ambient import AmbientTraffic

    return AmbientTraffic(world.mesh)
