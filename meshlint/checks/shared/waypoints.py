"""Objects that waypoints would enforce or run, where there is one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from meshlint.checks.hit import Hit, Related
from meshlint.checks.world import World
from meshlint.mesh import Mesh
from meshlint.mesh.policies.attachment import Attachable
from meshlint.mesh.workloads.waypoints import USE_WAYPOINT
from meshlint.resources.istio.extension import Extension, traffic_extension, wasm_plugin
from meshlint.security.ambient.targets import WaypointTargets, is_settled


def extensions(mesh: Mesh) -> tuple[Extension, ...]:
    """Own code for proxies, in both kinds that it is written in."""
    return (
        *mesh.views("extensions.istio.io", "WasmPlugin", wasm_plugin),
        *mesh.views("extensions.istio.io", "TrafficExtension", traffic_extension),
    )


def unenforced(world: World, policies: Iterable[Attachable], effect: str) -> Iterator[Hit]:
    """Targets of policies that surely no waypoint serves, each with what comes of it."""
    targets = WaypointTargets(world.mesh)
    for policy in policies:
        for ref in policy.target_refs:
            found = targets.of(policy, ref)
            if found is None or found.enrolment.is_served is not False:
                continue
            if is_settled(world.mesh, found.resource.namespace, found.enrolment):
                yield Hit(
                    ref.field / "name",
                    f"{policy.resource} targets '{ref.name}', which no waypoint serves, so {effect}",
                    resource=policy.resource,
                    hint=f"Label the {ref.kind} or its namespace '{USE_WAYPOINT}' with a waypoint's name.",
                    related=(Related(found.resource.at("metadata", "name"), found.enrolment.state.value),),
                )
