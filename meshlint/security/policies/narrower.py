"""ALLOW policies that are meant to restrict what another one lets in already.

Of ALLOW policies any one suffices (Istio: implicit enablement), so a narrower one beside a wider restricts
nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from meshlint.mesh import Mesh
from meshlint.mesh.left_off import leave_off
from meshlint.mesh.remembered import kept
from meshlint.resources.istio.authorization_policy import AuthorizationPolicy
from meshlint.security.istio import Chain
from meshlint.security.istio.comparing import is_covered, is_unsatisfiable
from meshlint.security.istio.translate import Translated, translated
from meshlint.security.policies.denied_grants import denied_grants
from meshlint.security.policies.gaps.rules import allow_policies, asks_nothing_of_callers
from meshlint.security.policies.scope import Covering

_MOST_RULES = 50
_MOST_COMPARISONS = 20_000


def narrower_in_vain(mesh: Mesh) -> Iterator[tuple[Translated, Translated]]:
    """The first rule of each ALLOW policy that another policy makes needless by a wider one, with that one.

    Both ask who calls, and the wider one is for all workloads of the narrower. A rule for every caller is
    told by itself, and so is one of which DENY policies deny every request.
    """
    policies = allow_policies(mesh)
    if len(policies) < 2:
        return
    covering = Covering(mesh, tuple(filter(_may_ask, policies)))
    denied = {id(rule.rule) for rule, _ in denied_grants(mesh)}
    budget = _MOST_COMPARISONS
    for policy in policies:
        wider = [rule for one in covering.beside(policy) for rule in _rules(mesh, one) if _asks(rule)]
        if not wider:
            continue
        rules = _rules(mesh, policy)
        budget -= len(wider) * len(rules)
        if budget < 0:
            leave_off(mesh, "rules of AuthorizationPolicies for the same workloads")
            return
        acting = (one for one in rules if id(one.rule) not in denied and _is_narrow(one))
        pairs = ((one, wide) for one in acting for wide in wider if _is_within(mesh, one, wide))
        yield from islice(pairs, 1)


def _is_narrow(rule: Translated) -> bool:
    """Whether a rule asks who calls and what for, as one does that another may make needless."""
    return _asks(rule) and bool(rule.operations or rule.conditions) and not is_unsatisfiable(rule)


@kept
def _is_within(_: Mesh, narrow: Translated, wide: Translated) -> bool:
    """Whether `wide` takes all that `narrow` takes, and more requests of the same callers."""
    return is_covered(narrow, wide) and not is_covered(wide, narrow)


def _asks(rule: Translated) -> bool:
    return not asks_nothing_of_callers(rule.rule)


@kept
def _rules(mesh: Mesh, policy: AuthorizationPolicy) -> tuple[Translated, ...]:
    found = (rule for rule in translated(mesh, policy, Chain.HTTP) if not rule.vanished)
    return tuple(islice(found, _MOST_RULES))


def _may_ask(policy: AuthorizationPolicy) -> bool:
    return not all(map(asks_nothing_of_callers, policy.rules or ()))
