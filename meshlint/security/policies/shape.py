"""AuthorizationPolicies that Istio refuses, or that mean something else than they seem to."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from meshlint.documents import Field
from meshlint.resources.istio.authorization_policy import DRY_RUN, AuthorizationPolicy
from meshlint.security.istio.translate import key_kind


@frozen(eq=False, repr=False)
class Fault:
    """Something wrong with a policy: where, and in words to follow its name."""

    at: Field
    message: str


def shape_faults(policy: AuthorizationPolicy) -> Iterator[Fault]:
    """What makes Istio refuse `policy` or take no notice of it (Istio: validation of AuthorizationPolicy)."""
    spec = policy.field
    if policy.action in ("DENY", "CUSTOM") and not policy.rules:
        yield Fault(spec / "action", f"is a {policy.action} policy without rules, so it does nothing")
    if policy.action == "CUSTOM" and policy.provider is None:
        yield Fault(spec / "action", "has action CUSTOM and names no provider, so Istio refuses it")
    if policy.action != "CUSTOM" and "provider" in spec:
        yield Fault(spec / "provider", f"names a provider with action {policy.action}, so Istio refuses it")
    if policy.action in ("CUSTOM", "AUDIT") and DRY_RUN in policy.annotations:
        at = policy.annotations[DRY_RUN].field
        yield Fault(at, f"asks for a dry run of action {policy.action}, so Istio refuses it")
    for rule in policy.rules or ():
        for condition in rule.when or ():
            if condition.key is not None and key_kind(condition.key) is None:
                message = f"has the unknown condition '{condition.key}', so its rule is left out"
                yield Fault(condition.key.field, message)


def identity_in_custom(policy: AuthorizationPolicy) -> Iterator[Fault]:
    """Fields of a CUSTOM policy that are not known yet when the provider is asked."""
    if policy.action != "CUSTOM":
        return
    for rule in policy.rules or ():
        for source in rule.from_ or ():
            for key in source.field.fields():
                if "ipblocks" not in key.name.lower():
                    yield Fault(key, f"asks for '{key.name}' with action CUSTOM, so Istio refuses it")
        for condition in rule.when or ():
            kind = key_kind(condition.key)
            if condition.key and kind is not None and kind.attribute[0] in ("identity", "claims", "claim"):
                yield Fault(
                    condition.key.field, f"asks for '{condition.key}' with action CUSTOM, so Istio refuses it"
                )
