"""What an AuthorizationPolicy may name as its target and require, to Linkerd's webhook.

Kinds are compared with their group, letter case aside, and no group is the core one (Linkerd: admission of
AuthorizationPolicies).
"""

from __future__ import annotations

from collections import Counter

from meshlint.resources.gateway_api.reference import GROUP, Reference
from meshlint.resources.linkerd.authorization_policy import AuthorizationPolicy
from meshlint.resources.linkerd.group import POLICY, refers_to

TARGETS = {
    "server": (POLICY,),
    "httproute": (POLICY, GROUP),
    "grpcroute": (GROUP,),
    "namespace": ("",),
}
"""The kinds that a policy may target, in lower case, with the groups that have them."""

AUTHENTICATIONS = {"meshtlsauthentication": POLICY, "networkauthentication": POLICY, "serviceaccount": ""}
"""The kinds that a policy may require, in lower case, with their group."""

_NAMES = {
    "meshtlsauthentication": "MeshTLSAuthentication",
    "networkauthentication": "NetworkAuthentication",
    "serviceaccount": "ServiceAccount",
}


def supported(ref: Reference) -> bool:
    """Whether a policy may require an object of this group and kind."""
    group = AUTHENTICATIONS.get(ref.kind.lower())
    return group is not None and refers_to(ref, group, ref.kind)


def is_target(ref: Reference) -> bool:
    """Whether a policy may target an object of this group and kind."""
    return any(refers_to(ref, group, ref.kind) for group in TARGETS.get(ref.kind.lower(), ()))


def is_foreign_namespace(policy: AuthorizationPolicy) -> bool:
    """Whether a policy targets another namespace than its own."""
    return refers_to(policy.target_ref, "", "Namespace") and policy.target_ref.name != policy.namespace


def too_many(policy: AuthorizationPolicy) -> str | None:
    """What a policy requires beyond what goes together; None if it keeps to one of each.

    A policy may name one MeshTLSAuthentication or one ServiceAccount, and one NetworkAuthentication.
    """
    refs = policy.required_authentication_refs or ()
    counts = Counter(ref.kind.lower() for ref in refs if supported(ref))
    for kind, name in _NAMES.items():
        if counts[kind] > 1:
            return f"{counts[kind]} {name}s"
    if counts["meshtlsauthentication"] and counts["serviceaccount"]:
        return "a MeshTLSAuthentication and a ServiceAccount"
    return None


def is_refused(policy: AuthorizationPolicy) -> bool:
    """Whether admission refuses a policy for its target or for what it requires."""
    refs = policy.required_authentication_refs
    if refs is None or not is_target(policy.target_ref) or is_foreign_namespace(policy):
        return True
    return too_many(policy) is not None or not all(supported(ref) for ref in refs)
