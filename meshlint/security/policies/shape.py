"""AuthorizationPolicies that Istio refuses, or that mean something else than they seem to."""

from __future__ import annotations

from meshlint.documents import Field
from meshlint.resources.istio.authorization_policy import Operation, Rule, Source
from meshlint.values import frozen

_OF_IDENTITY = frozenset({"principals", "namespaces", "serviceAccounts", "trustDomains"})
"""The fields that ask for the same of a caller."""


@frozen(eq=False, repr=False)
class Fault:
    """Something wrong with a policy: where, and in words to follow its name."""

    at: Field
    message: str


def may_contradict_itself(rule: Rule) -> bool:
    """Whether a rule says two things of anything, which is quickly seen: most rules say one."""
    parts: tuple[Source | Operation, ...] = (*(rule.from_ or ()), *(rule.to or ()))
    return bool(rule.when) or any(map(_says_two_things, parts))


def _says_two_things(part: Source | Operation) -> bool:
    written = part.field.value
    if not isinstance(written, dict):
        return False
    of_identity = len(_OF_IDENTITY & written.keys())
    return of_identity > 1 or any(str(key).startswith("not") for key in written)
