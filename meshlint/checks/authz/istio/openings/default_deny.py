"""Where everyone may call, and where nobody may, unless a policy says otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.world import World

Parameters = Mapping[str, Any]


def missing(world: World, _: Parameters) -> Iterator[Hit]:
    """A namespace with workloads that no ALLOW policy is for."""
    from meshlint.security.policies.gaps.default_deny import open_namespaces

    for namespace, workloads in open_namespaces(world.mesh):
        resource = world.mesh.namespaces.get(namespace) or workloads[0].resource
        rest = f" and {len(workloads) - 1} more" if len(workloads) > 1 else ""
        yield Hit(
            resource.at("metadata", "name"),
            f"No ALLOW policy is for {workloads[0]}{rest} of namespace '{namespace}', so everyone may call",
            resource=resource,
            hint="Deny by default with an AuthorizationPolicy whose spec is `{}`, and allow what is meant.",
            related=(
                Related(workloads[0].field / "metadata" / "name", "everyone may call it", concerns=True),
            ),
            about=namespace,
        )


def mesh_wide_allow(world: World, _: Parameters) -> Iterator[Hit]:
    """An ALLOW policy with rules that is for the whole mesh."""
    from meshlint.security.policies.gaps.default_deny import wide_allow_policies

    for policy in wide_allow_policies(world.mesh):
        yield Hit(
            policy.resource.at("metadata", "name"),
            f"{policy.resource} allows for the whole mesh, so what it does not name is denied everywhere",
            resource=policy.resource,
            hint="That is right for a default. For one workload, put it into the namespace with a selector.",
        )


def half_guarded(world: World, _: Parameters) -> Iterator[Hit]:
    """A Service of which a policy guards only some of the workloads."""
    from meshlint.security.policies.gaps.half_guarded import half_guarded as found

    for one in found(world.mesh):
        yield Hit(
            one.policy.field / "selector" / "matchLabels",
            f"{one.policy.resource} leaves {one.left_out} of Service '{one.service.name}' out, "
            "so everyone may call that",
            resource=one.policy.resource,
            related=(
                Related(one.left_out.field / "metadata" / "name", "no ALLOW policy is for it"),
                Related(one.service.resource.spec / "selector", "it leads to both"),
            ),
        )
