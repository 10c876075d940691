"""Whether a set is about Linkerd, and which routes are for its callers."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.checks.world import World
from meshlint.resources.gateway_api.route import AnyRoute
from meshlint.resources.linkerd.group import POLICY


def outbound_routes(world: World) -> Iterator[AnyRoute]:
    """Routes for callers in a set that shows Linkerd at all; others are left to Istio and gateways."""
    if not uses_linkerd(world):
        return
    for route in world.mesh.routes:
        if any(parent.kind in ("Service", "EgressNetwork") for parent in route.parent_refs):
            yield route


def uses_linkerd(world: World) -> bool:
    """Whether anything in the set belongs to Linkerd."""
    groups = {group for group, _kind in world.resources.kinds}
    if groups & {POLICY, "linkerd.io", "multicluster.linkerd.io"}:
        return True
    pods = (workload.pod.annotations for workload in world.mesh.workloads.all)
    namespaces = (one.annotations for one in world.resources.of("", "Namespace"))
    return any("linkerd.io/inject" in annotations for annotations in (*namespaces, *pods))
