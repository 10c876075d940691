"""ALLOW rules that let requests in for what they lack, or for what they say of themselves.

What a rule excludes also fits what is missing, and a header holds what its sender wrote (Istio: attributes
that are missing, and conditions).
"""

from __future__ import annotations

from collections.abc import Iterator

from attrs import fields

from meshlint.mesh import Mesh
from meshlint.resources.istio.authorization_policy import AuthorizationPolicy, Condition, Rule
from meshlint.security.admission import allow_policies, asks_nothing_of_callers, required
from meshlint.security.istio_authorization import Chain, Request, guard
from meshlint.security.policy_scope import covers
from meshlint.security.policy_values import PolicyValue, asks_token, policy_values

_HEADER = "request.headers["
_ALL_PARTS = frozenset(one.name for one in fields(Request)) - {"left_open", "space_delimited_claims"}


def left_open(*given: str) -> frozenset[str]:
    """All parts of a request but those given, for a question about every request that has just these."""
    return _ALL_PARTS - set(given)


def header_rules(mesh: Mesh) -> Iterator[tuple[AuthorizationPolicy, Condition]]:
    """Conditions on headers in rules that ask nothing else of the caller."""
    for policy in allow_policies(mesh):
        for rule in policy.rules or ():
            if asks_nothing_of_callers(rule):
                found = next((one for one in rule.when or () if _is_header(one) and one.values), None)
                if found is not None:
                    yield policy, found


def missing_headers(mesh: Mesh) -> Iterator[tuple[AuthorizationPolicy, Condition]]:
    """Conditions that only exclude values of a header, which a request without the header satisfies.

    One that excludes every value wants the header to be missing.
    """
    for policy in allow_policies(mesh):
        for rule in policy.rules or ():
            present = {str(one.key).lower() for one in rule.when or () if one.values}
            for one in rule.when or ():
                if "*" in one.not_values or str(one.key).lower() in present:
                    continue
                if _is_header(one) and one.not_values:
                    yield policy, one


def _is_header(condition: Condition) -> bool:
    return (condition.key or "").startswith(_HEADER) and not (condition.key or "").startswith(f"{_HEADER}:")


def missing_tokens(mesh: Mesh) -> Iterator[PolicyValue]:
    """Tokens that a rule only excludes, so that a request without any comes in; one value of each rule.

    Not where the rule asks for something else of the caller, or a DENY policy for a token.
    """
    for policy in allow_policies(mesh):
        found: PolicyValue | None = None
        for value in policy_values(policy):
            if asks_token(value.name) and value.negated and (found is None or found.rule is not value.rule):
                found = value
                if _asks_only_exclusions(value.rule) and not _stops_anonymous(mesh, policy):
                    yield value


def _asks_only_exclusions(rule: Rule) -> bool:
    sources = rule.from_ or ()
    if sources and all(required(source) for source in sources):
        return False
    return not any(one.values for one in rule.when or ())


def _stops_anonymous(mesh: Mesh, policy: AuthorizationPolicy) -> bool:
    """Whether DENY policies for the same workloads surely stop whoever has no token and no identity."""
    denying = [
        one for one in mesh.authorization_policies.all if one.action == "DENY" and covers(mesh, one, policy)
    ]
    request = Request(left_open=left_open("identity", "claims"))
    return guard(denying, Chain.HTTP, mesh.settings).decide(request).is_denied
