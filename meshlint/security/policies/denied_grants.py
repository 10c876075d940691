"""What ALLOW policies admit in vain, because DENY policies come first (Istio: order of policies)."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.mesh import Mesh
from meshlint.mesh.namespaces.placement import are_neighbours
from meshlint.resources.istio.authorization_policy import AuthorizationPolicy
from meshlint.security.istio import Chain
from meshlint.security.istio.comparing import is_covered_together, is_unsatisfiable
from meshlint.security.istio.translate import Translated, translated
from meshlint.security.membership.istio import istio_ambient
from meshlint.security.policies.scope import covers

_MOST_RULES = 200


def denied_grants(mesh: Mesh) -> Iterator[tuple[Translated, Translated]]:
    """ALLOW rules of which every request is denied at every workload, each with a rule that denies some.

    ztunnel enforces but a part of the rules, so policies for its workloads are left out; of rules that deny
    everything, `closing` speaks.
    """
    found = [one for one in _enforced(mesh) if one.action == "DENY"]
    denying = [(one, [rule for rule in _rules(mesh, one) if not _is_total(rule)]) for one in found]
    for policy in _enforced(mesh) if denying else ():
        if policy.action != "ALLOW" or not policy.rules:
            continue
        against = [rule for one, rules in denying if _bears_on(mesh, one, policy) for rule in rules]
        for rule in _rules(mesh, policy) if against and not _at_ztunnel(mesh, policy) else ():
            if is_covered_together(rule, against) and not is_unsatisfiable(rule):
                yield rule, next((one for one in against if is_covered_together(rule, (one,))), against[0])


def closing(mesh: Mesh) -> Iterator[tuple[Translated, AuthorizationPolicy]]:
    """Rules that deny everything, each with an ALLOW policy for the same workloads that has rules in vain."""
    granting = [one for one in _enforced(mesh) if one.action == "ALLOW" and one.rules]
    for policy in _enforced(mesh) if granting else ():
        total = next(filter(_is_total, _rules(mesh, policy)), None) if policy.action == "DENY" else None
        if total is None:
            continue
        vain = next((one for one in granting if _bears_on(mesh, policy, one)), None)
        if vain is not None:
            yield total, vain


def _enforced(mesh: Mesh) -> list[AuthorizationPolicy]:
    return [one for one in mesh.authorization_policies.all if not one.is_dry_run]


def _is_total(rule: Translated) -> bool:
    operations = not rule.operations or not all(rule.operations)
    return operations and (not rule.sources or not all(rule.sources)) and not rule.conditions


def _bears_on(mesh: Mesh, one: AuthorizationPolicy, other: AuthorizationPolicy) -> bool:
    """Whether one policy meets the other everywhere, is no other version of it, and stands near it."""
    if one.resource.id == other.resource.id:
        return False
    near = are_neighbours(one.resource.document.file, other.resource.document.file)
    return near and covers(mesh, one, other)


def _rules(mesh: Mesh, policy: AuthorizationPolicy) -> list[Translated]:
    found = (rule for rule in translated(mesh, policy, Chain.HTTP) if not rule.vanished)
    return [rule for rule, _ in zip(found, range(_MOST_RULES), strict=False)]


def _at_ztunnel(mesh: Mesh, policy: AuthorizationPolicy) -> bool:
    return any(istio_ambient(mesh, one).is_present for one in mesh.authorization_policies.selected(policy))
