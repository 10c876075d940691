"""AuthorizationPolicies that are refused, contradict themselves or say things twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.admission.istio.vocabulary.mistake import Mistake
from meshlint.checks.hit import Hit, Related
from meshlint.checks.shared.ambient import tried_by_ztunnel
from meshlint.checks.shared.mended import removed
from meshlint.checks.shared.told import told
from meshlint.checks.world import World
from meshlint.resources.istio.authorization_policy import AuthorizationPolicy
from meshlint.security.istio import Chain
from meshlint.security.istio.comparing import is_covered, is_unsatisfiable
from meshlint.security.istio.translate import Translated, translated
from meshlint.security.policies.denied_grants import closing, denied_grants
from meshlint.security.policies.shape import Fault, may_contradict_itself
from meshlint.values import evolve

Parameters = Mapping[str, Any]
_MOST_RULES = 200


def refused(world: World, _: Parameters) -> Iterator[Hit]:
    """A policy that Istio refuses or takes no notice of."""
    return told(world, Mistake.POLICY_SHAPE)


def custom_with_identity(world: World, _: Parameters) -> Iterator[Hit]:
    """A CUSTOM policy that asks for what is not known yet."""
    return told(world, Mistake.CUSTOM_IDENTITY)


def contradiction(world: World, _: Parameters) -> Iterator[Hit]:
    """A rule whose demands exclude each other."""
    for policy in world.mesh.authorization_policies.all:
        at_stake = any(map(may_contradict_itself, policy.rules or ()))
        for rule in translated(world.mesh, policy, Chain.HTTP) if at_stake else ():
            if not rule.vanished and is_unsatisfiable(rule):
                message = "has a rule whose demands exclude each other, so it never matches"
                yield _hit(policy, Fault(rule.rule.field, message))


def dry_run(world: World, _: Parameters) -> Iterator[Hit]:
    """A policy that is only tried out."""
    for policy in world.mesh.authorization_policies.all:
        if policy.is_dry_run and not tried_by_ztunnel(world.mesh, policy):
            at = policy.annotations["istio.io/dry-run"].field
            hit = _hit(policy, Fault(at, "is only tried out (dry run), so it is not enforced"))
            yield evolve(hit, fix=removed(at, safe=False))


def audit(world: World, _: Parameters) -> Iterator[Hit]:
    """A policy that only notes what it matches."""
    for policy in world.mesh.authorization_policies.all:
        if policy.action == "AUDIT":
            yield _hit(
                policy, Fault(policy.field / "action", "only marks requests for audit, so it stops none")
            )


def redundant_rule(world: World, _: Parameters) -> Iterator[Hit]:
    """A rule of a policy that another of its rules makes needless."""
    for policy in world.mesh.authorization_policies.all:
        if len(policy.rules or ()) < 2:
            continue
        rules = [one for one in translated(world.mesh, policy, Chain.HTTP) if not one.vanished]
        for rule in rules[:_MOST_RULES]:
            wider = next((other for other in rules[:_MOST_RULES] if _makes_needless(other, rule)), None)
            if wider is not None:
                message = "has a rule that another of its rules covers, so it changes nothing"
                hit = _hit(policy, Fault(rule.rule.field, message), Related(wider.rule.field, "by this rule"))
                yield evolve(hit, fix=removed(rule.rule.field, keeps_meaning=True))


def narrower(world: World, _: Parameters) -> Iterator[Hit]:
    """A rule that restricts callers whom another policy lets in anyway."""
    from meshlint.security.policies.narrower import narrower_in_vain

    for rule, wider in narrower_in_vain(world.mesh):
        other = wider.policy.resource
        yield Hit(
            rule.rule.field,
            f"{rule.policy.resource} restricts nothing: {other} lets the same callers in for more",
            resource=rule.policy.resource,
            hint="ALLOW policies add up: narrow the other one, or deny the rest.",
            related=(Related(wider.rule.field, f"{other} lets them in"),),
            about=str(other),
        )


def allowed_in_vain(world: World, _: Parameters) -> Iterator[Hit]:
    """A rule that admits only what DENY policies deny anyway."""
    for rule, denying in denied_grants(world.mesh):
        deny = denying.policy.resource
        yield Hit(
            rule.rule.field,
            f"{rule.policy.resource} has a rule of which {deny} denies every request, so it admits nobody",
            resource=rule.policy.resource,
            related=(Related(denying.rule.field, f"{deny} denies them"),),
        )
    for rule, policy in closing(world.mesh):
        yield Hit(
            rule.rule.field,
            f"{rule.policy.resource} denies every request, so {policy.resource} admits nobody",
            resource=rule.policy.resource,
            hint="To deny by default, leave it to an ALLOW policy without rules: `spec: {}`.",
            related=(Related(policy.resource.at("metadata", "name"), "what it allows is denied"),),
        )


def _makes_needless(wide: Translated, narrow: Translated) -> bool:
    """Whether `wide` matches all that `narrow` matches; of two equal rules, only the later is needless."""
    if wide is narrow or not is_covered(narrow, wide):
        return False
    return wide.index < narrow.index or not is_covered(wide, narrow)


def _hit(policy: AuthorizationPolicy, fault: Fault, *related: Related) -> Hit:
    return Hit(fault.at, f"{policy.resource} {fault.message}", resource=policy.resource, related=related)
