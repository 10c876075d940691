"""Whether the tokens that a RequestAuthentication checks are asked for by anyone."""

from __future__ import annotations

from collections.abc import Mapping

from meshlint.mesh import Mesh
from meshlint.resources.istio.authorization_policy import AuthorizationPolicy
from meshlint.resources.istio.request_authentication import RequestAuthentication

_AUTH = "request.auth."


def demands_token(policy: AuthorizationPolicy) -> bool:
    """Whether some rule of `policy` looks at a token, or hands the request to a provider that can."""
    if policy.action == "CUSTOM":
        return True
    return any(
        any(source.request_principals or source.not_request_principals for source in rule.from_ or ())
        or any((condition.key or "").startswith(_AUTH) for condition in rule.when or ())
        for rule in policy.rules or ()
    )


def demanding(mesh: Mesh, authentication: RequestAuthentication) -> tuple[AuthorizationPolicy, ...]:
    """The policies that look at tokens and may be for workloads that `authentication` is for.

    Only files are known, so two selectors are taken to meet unless they contradict each other.
    """
    namespaces = (authentication.resource.namespace, mesh.settings.root_namespace)
    wide = authentication.resource.namespace == mesh.settings.root_namespace
    return tuple(
        policy
        for policy in mesh.authorization_policies.all
        if (wide or policy.resource.namespace in namespaces)
        and demands_token(policy)
        and _may_meet(_labels(authentication), _labels(policy))
    )


def _labels(policy: AuthorizationPolicy | RequestAuthentication) -> Mapping[str, str]:
    return policy.selector.labels if policy.selector is not None and not policy.target_refs else {}


def _may_meet(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    return all(other.get(key, value) == value for key, value in one.items())
