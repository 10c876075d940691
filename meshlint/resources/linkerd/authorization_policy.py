"""Linkerd's AuthorizationPolicy."""

from __future__ import annotations

from meshlint.resources.gateway_api.reference import Reference
from meshlint.resources.linkerd.group import policy_reference
from meshlint.resources.resource import Resource
from meshlint.resources.view import ObjectView
from meshlint.values import frozen


@frozen(eq=False, repr=False)
class AuthorizationPolicy(ObjectView):
    """Admits to its target clients that meet all required authentications at once."""

    target_ref: Reference
    """A Server or a route in the policy's namespace, or that namespace itself."""
    required_authentication_refs: tuple[Reference, ...] | None
    """Empty admits everyone; None means the field is missing, which the API server rejects."""


def authorization_policy(resource: Resource) -> AuthorizationPolicy:
    """`resource` read as an AuthorizationPolicy of policy.linkerd.io."""
    refs = resource.spec / "requiredAuthenticationRefs"
    return AuthorizationPolicy(
        resource=resource,
        target_ref=policy_reference(resource.spec / "targetRef", resource.namespace),
        required_authentication_refs=tuple(policy_reference(ref, resource.namespace) for ref in refs.items())
        if isinstance(refs.value, list)
        else None,
    )
