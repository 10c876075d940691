"""Policies for workloads in ambient mode, which ztunnel enforces without seeing requests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.world import World
from meshlint.documents import Field
from meshlint.resources.istio.authorization_policy import AuthorizationPolicy
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.istio import Chain
from meshlint.security.istio.guard import attaches_to_no_ztunnel
from meshlint.security.istio.translate import Translated
from meshlint.security.policies.on_connections import before_ztunnel, rules_on

Parameters = Mapping[str, Any]


def allow_left_out(world: World, _: Parameters) -> Iterator[Hit]:
    """A rule of an ALLOW policy that asks for more than connections show."""
    for policy, workloads, rule in _rules(world, "ALLOW"):
        if rule.dropped:
            yield _for_a_waypoint(
                policy,
                workloads,
                rule.dropped[0].field,
                f"{policy} asks ztunnel for what only HTTP has, so the rule is left out",
            )


def deny_open(world: World, _: Parameters) -> Iterator[Hit]:
    """A rule of a DENY policy of which ztunnel keeps nothing, or more than was meant."""
    for policy, workloads, rule in _rules(world, "DENY"):
        if rule.dropped:
            effect = "it denies nothing" if rule.vanished else "it denies more than it says"
            yield _for_a_waypoint(
                policy,
                workloads,
                rule.dropped[0].field,
                f"{policy} denies by what ztunnel does not see, so {effect}",
            )


def unknown_action(world: World, _: Parameters) -> Iterator[Hit]:
    """A policy with an action that ztunnel does not know."""
    for policy, workloads in before_ztunnel(world.mesh):
        if policy.action in ("CUSTOM", "AUDIT"):
            yield _for_a_waypoint(
                policy,
                workloads,
                policy.field / "action",
                f"{policy} has action '{policy.action}', which ztunnel does not know, so it does nothing",
            )


def trust_domains_unread(world: World, _: Parameters) -> Iterator[Hit]:
    """Trust domains in a source, which never reach ztunnel, while the rest of their rule does."""
    for policy, workloads, rule in _rules(world):
        if rule.passed_over and not rule.dropped:
            effect = _without_it(policy, rule)
            yield Hit(
                rule.passed_over[0].field,
                f"{policy} asks for a trust domain, which ztunnel is not told, so {effect}",
                resource=policy.resource,
                hint="Name whole principals, which begin with their trust domain.",
                related=_where(workloads),
            )


def _without_it(policy: AuthorizationPolicy, rule: Translated) -> str:
    if rule.vanished:
        return "the rule matches nobody"
    return "it allows every domain" if policy.action == "ALLOW" else "it denies every domain"


def empty_selector(world: World, _: Parameters) -> Iterator[Hit]:
    """An empty selector, which means everything to sidecars and nothing to ztunnel."""
    for policy, workloads in before_ztunnel(world.mesh):
        if attaches_to_no_ztunnel(policy):
            yield Hit(
                policy.field / "selector",
                f"{policy} has an empty selector, which ztunnel takes for no pod, so it does nothing",
                resource=policy.resource,
                on_key=True,
                hint="Remove `selector` to mean the whole namespace.",
                related=_where(workloads),
            )


def _rules(
    world: World, action: str = ""
) -> Iterator[tuple[AuthorizationPolicy, tuple[Workload, ...], Translated]]:
    return rules_on(world.mesh, Chain.ZTUNNEL, before_ztunnel(world.mesh), action)


def _for_a_waypoint(
    policy: AuthorizationPolicy, workloads: tuple[Workload, ...], at: Field, message: str
) -> Hit:
    """What ztunnel does not do, and a waypoint would."""
    hint = "Attach the policy to a waypoint with `targetRefs`."
    return Hit(at, message, resource=policy.resource, hint=hint, related=_where(workloads))


def _where(workloads: tuple[Workload, ...]) -> tuple[Related, ...]:
    return (Related(workloads[0].resource.at("metadata", "name"), "in ambient mode"),)
