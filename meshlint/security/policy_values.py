"""Values in AuthorizationPolicies that no request ever has.

Such a value looks as if it said something: in an ALLOW policy it admits nobody, in a DENY policy it stops
nobody, and after `not` it excludes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from meshlint.documents import Text
from meshlint.matching import StringSet, is_path_template, istio_string, known
from meshlint.resources.istio.authorization_policy import AuthorizationPolicy, Rule

_IDENTITIES = StringSet.regex("[^/]+/ns/[^/]+/sa/[^/]+")


@frozen(eq=False)
class PolicyValue:
    """A value of a policy's rule with the field that it stands in, as `notPaths` or a condition's key."""

    policy: AuthorizationPolicy
    rule: Rule
    name: str
    value: Text
    negated: bool

    @property
    def effect(self) -> str:
        """What a value that never matches makes of its policy, to follow "so"."""
        if self.negated:
            return "it excludes nothing"
        return {"ALLOW": "it admits nobody", "DENY": "it stops nobody"}.get(
            self.policy.action, "it covers nothing"
        )


def policy_values(policy: AuthorizationPolicy) -> Iterator[PolicyValue]:
    """Every value in the rules of `policy`."""
    for rule in policy.rules or ():
        places = [*(source.field for source in rule.from_ or ()), *(one.field for one in rule.to or ())]
        for place in places:
            for key in place.fields():
                negated = key.name.startswith("not")
                for value in place.texts(key.name):
                    yield PolicyValue(policy, rule, key.name, value, negated)
        for condition in rule.when or ():
            name = condition.key or ""
            for value in condition.values:
                yield PolicyValue(policy, rule, name, value, negated=False)
            for value in condition.not_values:
                yield PolicyValue(policy, rule, name, value, negated=True)


def positive(name: str) -> str:
    """The name of a field without its negation: `paths` for `notPaths`."""
    return name[3].lower() + name[4:] if name.startswith("not") and len(name) > 4 else name


def is_principal(name: str) -> bool:
    """Whether a field or condition holds identities of peers."""
    return positive(name) == "principals" or name == "source.principal"


def principal_fault(value: str) -> str | None:
    """Why no certificate of the mesh has the identity `value`."""
    if value.startswith("spiffe://"):
        return "already gets `spiffe://` put before it"
    if "*" in _literal(value):
        return "has a `*` that is no wildcard, as only one at the start or the end is"
    if known(lambda: istio_string(value).overlaps(_IDENTITIES)) is False:
        return "does not have the form of an identity"
    return None


def star_fault(name: str, value: str) -> str | None:
    """Why a star in a host, path, method or token's principal is no wildcard where the author means one."""
    field = positive(name)
    if field not in ("hosts", "methods", "paths", "requestPrincipals") or (
        field == "paths" and is_path_template(value)
    ):
        return None
    if field == "requestPrincipals" and value == "*/*":
        return "asks for a subject that is literally `*`"
    if field == "requestPrincipals" and value.startswith("*/") and "*" not in value[1:]:
        return None
    if "*" in _literal(value):
        return "has a `*` that is no wildcard, as only one at the start or the end is"
    return None


def _literal(value: str) -> str:
    """The part of a value that is taken as it stands."""
    if value.startswith("*"):
        return value[1:]
    return value.removesuffix("*")
