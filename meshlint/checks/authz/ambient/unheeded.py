"""Objects of security for pods in ambient mode that ztunnel passes over or reads otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit
from meshlint.checks.shared.ambient import idle, is_idle, tried_by_ztunnel
from meshlint.checks.world import World
from meshlint.documents import Text
from meshlint.mesh import Mesh
from meshlint.mesh.policies.attachment import reach_of
from meshlint.resources.istio.authorization_policy import AuthorizationPolicy
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.membership.istio import in_ambient

Parameters = Mapping[str, Any]


def tokens_unchecked(world: World, _: Parameters) -> Iterator[Hit]:
    """Rules on tokens for pods before which only ztunnel stands, which knows nothing of tokens."""
    policies = world.mesh.request_authentications
    for policy in policies.all:
        selected = policies.selected(policy)
        if not policy.target_refs and is_idle(world.mesh, policy, selected):
            yield idle(policy, selected[0], "so nobody checks the tokens of calls")


def dry_run_unread(world: World, _: Parameters) -> Iterator[Hit]:
    """A policy on trial for pods before which only ztunnel stands, which does not try any."""
    for policy in world.mesh.authorization_policies.all:
        if policy.is_dry_run and tried_by_ztunnel(world.mesh, policy):
            yield Hit(
                policy.annotations["istio.io/dry-run"].field,
                f"{policy} is on trial at ztunnel, which leaves it out, so nothing tells what it would do",
                resource=policy.resource,
                hint="Only waypoints and sidecars note what a policy on trial would do.",
            )


def alias_named(world: World, _: Parameters) -> Iterator[Hit]:
    """A principal of an alias of the trust domain, which ztunnel does not take for the mesh's own."""
    settings = world.settings
    aliases = {*settings.trust_domain_aliases, "cluster.local"} - {settings.trust_domain}
    if not settings.is_declared("trust_domain"):
        return
    for policy in world.mesh.authorization_policies.all:
        found = [_by_alias(values, settings.trust_domain, aliases) for values in _principals(policy)]
        if not any(found) or _ambient_one(world.mesh, policy) is None:
            continue
        for value in (values[0] for values in found if values):
            yield Hit(
                value.field,
                f"{policy} names '{value}' by an alias, so ztunnel misses the mesh's own callers",
                resource=policy.resource,
                hint=f"Name '{settings.trust_domain}/{value.partition('/')[2]}' as well.",
            )


def _by_alias(values: tuple[Text, ...], own: str, aliases: set[str]) -> tuple[Text, ...]:
    """The values that are spelt with an alias alone."""
    return tuple(
        value
        for value in values
        if value.count("/") == 4
        and value.partition("/")[0] in aliases
        and not {f"{own}/{value.partition('/')[2]}", f"*/{value.partition('/')[2]}"} & set(values)
    )


def _principals(policy: AuthorizationPolicy) -> Iterator[tuple[Text, ...]]:
    for rule in policy.rules or ():
        for source in rule.from_ or ():
            yield from (source.principals, source.not_principals)
        for condition in rule.when or ():
            if condition.key == "source.principal":
                yield from (condition.values, condition.not_values)


def _ambient_one(mesh: Mesh, policy: AuthorizationPolicy) -> Workload | None:
    """One workload that ztunnel holds to a policy."""
    if policy.target_refs or policy.is_dry_run:
        return None
    ambient = in_ambient(mesh, reach_of(policy, mesh.settings))
    selected = mesh.authorization_policies.selected(policy) if ambient else ()
    return next((one for one in selected if one in ambient), None)
