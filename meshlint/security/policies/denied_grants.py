"""What ALLOW policies admit in vain, because DENY policies come first (Istio: order of policies)."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.mesh import Mesh
from meshlint.mesh.policies.attachment import reach_of
from meshlint.mesh.remembered import kept, remembered
from meshlint.resources.istio.authorization_policy import AuthorizationPolicy
from meshlint.security.istio import Chain
from meshlint.security.istio.comparing import is_covered_together, is_unsatisfiable
from meshlint.security.istio.translate import Translated, translated
from meshlint.security.membership.istio import in_ambient
from meshlint.security.policies.scope import Covering

_MOST_RULES = 200


@remembered
def denied_grants(mesh: Mesh) -> tuple[tuple[Translated, Translated], ...]:
    """ALLOW rules of which every request is denied at every workload, each with a rule that denies some.

    ztunnel enforces but a part of the rules, so policies for its workloads are left out; of rules that deny
    everything, `closing` speaks.
    """
    return tuple(_denied_grants(mesh))


def _denied_grants(mesh: Mesh) -> Iterator[tuple[Translated, Translated]]:
    denying = {
        id(one): [rule for rule in _rules(mesh, one) if not _is_total(rule)] for one in _acting(mesh, "DENY")
    }
    covering = Covering(mesh, tuple(one for one in _acting(mesh, "DENY") if denying[id(one)]))
    for policy in _acting(mesh, "ALLOW") if covering.policies else ():
        against = [rule for one in covering.beside(policy) for rule in denying[id(one)]]
        for rule in _rules(mesh, policy) if against and not _at_ztunnel(mesh, policy) else ():
            if (denying_it := _denying(mesh, rule, tuple(against))) is not None:
                yield rule, denying_it


@kept
def _denying(_: Mesh, rule: Translated, against: tuple[Translated, ...]) -> Translated | None:
    """One of some rules that together deny every request of `rule`, if there are any such requests."""
    if not is_covered_together(rule, against) or is_unsatisfiable(rule):
        return None
    return next((one for one in against if is_covered_together(rule, (one,))), against[0])


def closing(mesh: Mesh) -> Iterator[tuple[Translated, AuthorizationPolicy]]:
    """Rules that deny everything, each with an ALLOW policy for the same workloads that has rules in vain."""
    total = {id(one): next(filter(_is_total, _rules(mesh, one)), None) for one in _acting(mesh, "DENY")}
    covering = Covering(mesh, tuple(one for one in _acting(mesh, "DENY") if total[id(one)] is not None))
    vain: dict[int, AuthorizationPolicy] = {}
    for policy in _acting(mesh, "ALLOW") if covering.policies else ():
        for one in covering.beside(policy) if policy.rules else ():
            vain.setdefault(id(one), policy)
    for one in covering.policies:
        rule = total[id(one)]
        if rule is not None and id(one) in vain:
            yield rule, vain[id(one)]


def _acting(mesh: Mesh, action: str) -> list[AuthorizationPolicy]:
    """The policies of one action that are enforced."""
    return [one for one in mesh.authorization_policies.all if one.action == action and not one.is_dry_run]


def _is_total(rule: Translated) -> bool:
    operations = not rule.operations or not all(rule.operations)
    return operations and (not rule.sources or not all(rule.sources)) and not rule.conditions


def _rules(mesh: Mesh, policy: AuthorizationPolicy) -> list[Translated]:
    found = (rule for rule in translated(mesh, policy, Chain.HTTP) if not rule.vanished)
    return [rule for rule, _ in zip(found, range(_MOST_RULES), strict=False)]


def _at_ztunnel(mesh: Mesh, policy: AuthorizationPolicy) -> bool:
    ambient = in_ambient(mesh, reach_of(policy, mesh.settings))
    return bool(ambient) and not ambient.isdisjoint(mesh.authorization_policies.selected(policy))
