"""Tokens: who checks them, who asks for them, and whether the two meet."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.mesh import Mesh
from meshlint.resources.istio.authorization_policy import AuthorizationPolicy
from meshlint.resources.istio.request_authentication import RequestAuthentication
from meshlint.security.istio_injection import istio_ambient
from meshlint.security.policy_scope import may_share
from meshlint.security.policy_values import PolicyValue, asks_token, policy_values

_SECURITY = "security.istio.io"
_TOKENS = ((_SECURITY, "RequestAuthentication"),)
_FILTER = "jwt_authn"


def demands_token(policy: AuthorizationPolicy) -> bool:
    """Whether some rule of `policy` looks at a token, or hands the request to a provider that can."""
    return policy.action == "CUSTOM" or any(asks_token(found.name) for found in policy_values(policy))


def demanding(mesh: Mesh, authentication: RequestAuthentication) -> tuple[AuthorizationPolicy, ...]:
    """The policies that look at tokens and may be for workloads that `authentication` is for.

    Only files are known, so two selectors are taken to meet unless they contradict each other.
    """
    return tuple(
        policy
        for policy in mesh.authorization_policies.all
        if demands_token(policy) and may_share(mesh, policy, authentication)
    )


def unchecked_tokens(mesh: Mesh) -> Iterator[PolicyValue]:
    """What policies ask of tokens where nobody checks any, so that no request ever has one.

    That takes a RequestAuthentication of the policy's namespace, or of the root namespace, to be in view: the
    files then show where tokens are checked. An EnvoyFilter may check them as well.
    """
    filtered: bool | None = None
    for policy in mesh.authorization_policies.all:
        asked = [found for found in policy_values(policy) if asks_token(found.name)]
        if not asked or policy.is_dry_run or policy.action == "CUSTOM" or not _shows_tokens(mesh, policy):
            continue
        if any(may_share(mesh, policy, one) for one in mesh.request_authentications.all):
            continue
        if filtered is None:
            filtered = _has_own_filter(mesh)
        selected = mesh.authorization_policies.selected(policy)
        if not filtered and not any(istio_ambient(mesh, one).is_present for one in selected):
            yield from {id(found.rule): found for found in reversed(asked)}.values()


def _shows_tokens(mesh: Mesh, policy: AuthorizationPolicy) -> bool:
    places = (policy.resource.namespace, mesh.settings.root_namespace)
    return any(mesh.namespaces.shows(place, _TOKENS, policy.field) for place in places)


def _has_own_filter(mesh: Mesh) -> bool:
    found = mesh.resources.of("networking.istio.io", "EnvoyFilter")
    return any(_FILTER in str(one.spec.value) for one in found)
