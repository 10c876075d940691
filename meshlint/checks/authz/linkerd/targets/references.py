"""References of Linkerd's AuthorizationPolicies that lead nowhere or are refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.admission.linkerd import policies
from meshlint.checks.hit import Hit, Related
from meshlint.checks.shared.told import told
from meshlint.checks.world import World
from meshlint.mesh.namespaces.namespaces import WORKLOADS
from meshlint.resources.linkerd.authorization_policy import AuthorizationPolicy
from meshlint.resources.linkerd.group import refers_to
from meshlint.security.linkerd.references import (
    missing_authentications,
    missing_target,
    right_group,
    server_elsewhere,
)

Parameters = Mapping[str, Any]


def target_missing(world: World, _: Parameters) -> Iterator[Hit]:
    """A target that its namespace does not hold."""
    for policy in world.mesh.linkerd.authorization_policies:
        missing = missing_target(world.mesh, policy)
        if missing is not None:
            ref = policy.target_ref
            yield Hit(
                ref.field / "name",
                f"{policy} targets {ref.kind} '{ref.name}', which does not exist, so it has no effect",
                resource=policy.resource,
                hint=_did_you_mean(missing.nearest) or "A target is looked up in the policy's own namespace.",
                related=_elsewhere(world, policy),
            )


def _elsewhere(world: World, policy: AuthorizationPolicy) -> tuple[Related, ...]:
    server = server_elsewhere(world.mesh, policy)
    if server is None:
        return ()
    place = server.resource.at("metadata", "namespace")
    return (Related(place, f"the Server of that name is in namespace '{server.namespace}'"),)


def target_group(world: World, _: Parameters) -> Iterator[Hit]:
    """A target of a known kind in a group that has no such kind, or not this one."""
    for policy in world.mesh.linkerd.authorization_policies:
        ref = policy.target_ref
        right = right_group(world.mesh, policy)
        if right is not None and right != ref.group.lower():
            place = ref.field / "group" if ref.group.field else ref.field / "kind"
            written = f"group '{ref.group}'" if ref.group else "no group"
            yield Hit(
                place,
                f"{policy} targets {ref.kind} '{ref.name}' with {written}, so it is refused or never matches",
                resource=policy.resource,
                hint=f"Write `group: {right}`." if right else 'Write `group: ""` or leave it out.',
            )


def target_kind(world: World, _: Parameters) -> Iterator[Hit]:
    """A target of a kind that no policy can have."""
    return told(world, policies.TARGET_KIND)


def foreign_namespace(world: World, _: Parameters) -> Iterator[Hit]:
    """A target that is another namespace than the policy's own."""
    return told(world, policies.TARGET_NAMESPACE)


def namespace_without_servers(world: World, _: Parameters) -> Iterator[Hit]:
    """A policy for a namespace that holds no Server, so nothing that it could open."""
    mesh = world.mesh
    for policy in mesh.linkerd.authorization_policies:
        ref = policy.target_ref
        if not refers_to(ref, "", "Namespace") or ref.name != policy.namespace or ref.name is None:
            continue
        is_shown = mesh.namespaces.shows(ref.name, WORKLOADS, ref.name.field)
        if is_shown and not mesh.linkerd.servers_in(ref.name):
            yield Hit(
                ref.name.field,
                f"{policy} targets a namespace without any Server, so it has no effect",
                resource=policy.resource,
                hint="Ports without a Server follow the default policy, which no policy object changes.",
            )


def authentication_missing(world: World, _: Parameters) -> Iterator[Hit]:
    """A required authentication that does not exist."""
    for policy in world.mesh.linkerd.authorization_policies:
        for ref, missing in missing_authentications(world.mesh, policy):
            yield Hit(
                ref.field / "name",
                f"{policy} requires {ref.kind} '{ref.namespace}/{ref.name}', which does not exist, "
                "so it admits nobody",
                resource=policy.resource,
                hint=_did_you_mean(missing.nearest)
                or "A policy with a reference that leads nowhere is skipped as a whole.",
            )


def authentication_group(world: World, _: Parameters) -> Iterator[Hit]:
    """A required authentication of a kind or a group that does not go."""
    return told(world, policies.AUTHENTICATION)


def reference_combination(world: World, _: Parameters) -> Iterator[Hit]:
    """More required authentications than go together."""
    return told(world, policies.AUTHENTICATIONS_TOGETHER)


def _did_you_mean(names: tuple[str, ...]) -> str | None:
    return f"Did you mean {', '.join(f'`{name}`' for name in names)}?" if names else None
