"""ALLOW rules that let requests in for what they lack, or for what they say of themselves.

What a rule excludes also fits what is missing, and a header holds what its sender wrote (Istio: attributes
that are missing, and conditions).
"""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.mesh import Mesh
from meshlint.mesh.remembered import remembered
from meshlint.resources.istio.authorization_policy import AuthorizationPolicy, Condition, Rule
from meshlint.security.istio import Chain, Request, guard
from meshlint.security.policies.gaps.rules import (
    SOURCE_KEYS,
    allow_policies,
    asks_nothing_of_callers,
    is_allowing,
    required,
)
from meshlint.security.policies.scope import Covering
from meshlint.security.policies.values.texts import (
    PolicyValue,
    asks_identity,
    asks_token,
    policies_saying,
    policy_values,
)
from meshlint.security.transport.inbound import served_ports
from meshlint.security.transport.servers import namespace_mtls, workload_mtls

_NOBODY = ("identity", "claims")
_HEADER = "request.headers["
_ALL_PARTS = frozenset(Request.__annotations__) - {"left_open", "space_delimited_claims"}


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
    for policy in filter(is_allowing, policies_saying(mesh, asks_token, negated=True)):
        found: PolicyValue | None = None
        for value in policy_values(mesh, policy):
            if asks_token(value.name) and value.negated and (found is None or found.rule is not value.rule):
                found = value
                if _asks_only_exclusions(value.rule) and not _stops_anonymous(mesh, policy, *_NOBODY):
                    yield value


def _asks_only_exclusions(rule: Rule) -> bool:
    sources = rule.from_ or ()
    if sources and all(required(source) for source in sources):
        return False
    return not any(one.values for one in rule.when or ())


def _stops_anonymous(mesh: Mesh, policy: AuthorizationPolicy, *given: str) -> bool:
    """Whether DENY policies for the same workloads surely stop whoever has none of what is `given`."""
    denying = _acting(mesh, "DENY").over(policy)
    request = Request(left_open=left_open(*given))
    return bool(denying) and guard(mesh, denying, Chain.HTTP).decide(request).is_denied


@remembered
def _acting(mesh: Mesh, action: str) -> Covering[AuthorizationPolicy]:
    """The policies of one action or, without a name, of all of them."""
    policies = mesh.authorization_policies.all
    return Covering(mesh, tuple(one for one in policies if action in ("", one.action)))


def missing_identities(mesh: Mesh) -> Iterator[PolicyValue]:
    """Identities that a rule only excludes, so that callers without any come in; one of each source.

    Not where plaintext is refused, where the rule asks for something else of the caller, or where a DENY
    policy stops who has no identity.
    """
    for policy in filter(is_allowing, policies_saying(mesh, asks_identity, negated=True)):
        for found in _only_excluded(mesh, policy):
            if _takes_plaintext(mesh, policy) and not _stops_anonymous(mesh, policy, "identity"):
                yield found


def _only_excluded(mesh: Mesh, policy: AuthorizationPolicy) -> tuple[PolicyValue, ...]:
    """The first identity of each source that excludes some and asks for none."""
    first: dict[tuple[object, ...], PolicyValue] = {}
    for found in policy_values(mesh, policy):
        if asks_identity(found.name) and found.negated:
            first.setdefault(found.value.field.path[:-2], found)
    return tuple(one for one in first.values() if _is_only_excluded(one))


def _is_only_excluded(found: PolicyValue) -> bool:
    asked = [one for one in found.rule.when or () if (one.key or "").startswith(SOURCE_KEYS) and one.values]
    sources = found.rule.from_ or ()
    if asked or not sources:
        return not asked
    own = [one for one in sources if one.field.path == found.value.field.path[:-2]]
    return not any(required(one) for one in own) if own else any(not required(one) for one in sources)


def _takes_plaintext(mesh: Mesh, policy: AuthorizationPolicy) -> bool:
    """Whether callers without an identity may reach some workload of a policy."""
    selected = mesh.authorization_policies.selected(policy)
    if not selected:
        return namespace_mtls(mesh, policy.resource.namespace).accepts_plaintext is not False
    return any(
        workload_mtls(mesh, one, port).accepts_plaintext is not False
        for one in selected
        for port in served_ports(mesh, one) or (None,)
    )


def evaded_without_token(mesh: Mesh) -> Iterator[PolicyValue]:
    """Tokens that a DENY rule names, where a request without any is not stopped; one value of each rule.

    The same caller leaves its token out, and the rule does not match. Not where the other policies in view
    for the same workloads demand a token.
    """
    for policy in policies_saying(mesh, asks_token):
        if policy.action != "DENY" or policy.is_dry_run:
            continue
        named = [
            found for found in policy_values(mesh, policy) if asks_token(found.name) and not found.negated
        ]
        if named and not _stops_tokenless(mesh, policy):
            yield from {id(found.rule): found for found in reversed(named)}.values()


def _stops_tokenless(mesh: Mesh, policy: AuthorizationPolicy) -> bool:
    policies = _acting(mesh, "").over(policy)
    request = Request(left_open=left_open("claims"))
    return guard(mesh, policies, Chain.HTTP).decide(request).is_denied
