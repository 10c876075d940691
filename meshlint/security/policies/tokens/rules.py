"""Tokens: who checks them, who asks for them, and whether the two meet."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.mesh import Mesh
from meshlint.mesh.policies.attachment import reach_of
from meshlint.mesh.remembered import remembered
from meshlint.resources.istio.authorization_policy import AuthorizationPolicy
from meshlint.resources.istio.request_authentication import RequestAuthentication
from meshlint.security.membership.istio import in_ambient
from meshlint.security.policies.scope import Covering, may_share
from meshlint.security.policies.values.texts import PolicyValue, asks_token, policies_saying, policy_values

_SECURITY = "security.istio.io"
_TOKENS = ((_SECURITY, "RequestAuthentication"),)
_FILTER = "jwt_authn"
_CLAIMS = "request.auth.claims["


@remembered
def _demanding(mesh: Mesh) -> tuple[AuthorizationPolicy, ...]:
    """The policies some rule of which looks at a token, or hands the request to a provider that can."""
    asking = {id(one) for one in policies_saying(mesh, asks_token)}
    return tuple(
        one for one in mesh.authorization_policies.all if one.action == "CUSTOM" or id(one) in asking
    )


def demanding(mesh: Mesh, authentication: RequestAuthentication) -> tuple[AuthorizationPolicy, ...]:
    """The policies that look at tokens and may be for workloads that `authentication` is for.

    Only files are known, so two selectors are taken to meet unless they contradict each other.
    """
    return tuple(policy for policy in _demanding(mesh) if may_share(mesh, policy, authentication))


def unchecked_tokens(mesh: Mesh) -> Iterator[PolicyValue]:
    """What policies ask of tokens where nobody checks any, so that no request ever has one.

    That takes a RequestAuthentication of the policy's namespace, or of the root namespace, to be in view: the
    files then show where tokens are checked. An EnvoyFilter may check them as well.
    """
    filtered: bool | None = None
    for policy in policies_saying(mesh, asks_token):
        asked = [found for found in policy_values(mesh, policy) if asks_token(found.name)]
        if policy.is_dry_run or policy.action == "CUSTOM" or not _shows_tokens(mesh, policy):
            continue
        if any(may_share(mesh, policy, one) for one in mesh.request_authentications.all):
            continue
        if filtered is None:
            filtered = _has_own_filter(mesh)
        selected = mesh.authorization_policies.selected(policy)
        if not filtered and in_ambient(mesh, reach_of(policy, mesh.settings)).isdisjoint(selected):
            yield from {id(found.rule): found for found in reversed(asked)}.values()


def _shows_tokens(mesh: Mesh, policy: AuthorizationPolicy) -> bool:
    places = (policy.resource.namespace, mesh.settings.root_namespace)
    return any(mesh.namespaces.shows(place, _TOKENS, policy.field) for place in places)


def _has_own_filter(mesh: Mesh) -> bool:
    found = mesh.resources.of("networking.istio.io", "EnvoyFilter")
    return any(_FILTER in str(one.spec.value) for one in found)


def claims_of_any_issuer(mesh: Mesh) -> Iterator[tuple[PolicyValue, tuple[str, ...]]]:
    """Claims that an ALLOW rule asks for, whoever issued the token, where several issuers are believed.

    Each issuer says in its tokens what it likes; one value of each rule, with the issuers.
    """
    for policy in policies_saying(mesh, _is_of_claim):
        if policy.action != "ALLOW" or policy.is_dry_run:
            continue
        claims = [
            found for found in policy_values(mesh, policy) if _is_claim(found) and not _pins_issuer(found)
        ]
        first = {id(found.rule): found for found in reversed(claims)}
        issuers = _issuers(mesh, policy) if first else ()
        if len(issuers) > 1:
            yield from ((found, issuers) for found in reversed(first.values()))


def _is_claim(found: PolicyValue) -> bool:
    return _is_of_claim(found.name) and not found.negated


def _is_of_claim(name: str) -> bool:
    return name.startswith(_CLAIMS)


def _pins_issuer(found: PolicyValue) -> bool:
    """Whether the rule asks for the issuer as well, or for an audience that one issuer gives out."""
    keys = {str(one.key) for one in found.rule.when or () if one.values}
    if keys & {f"{_CLAIMS}iss]", "request.auth.principal", "request.auth.audiences"}:
        return True
    sources = found.rule.from_ or ()
    return bool(sources) and all(one.request_principals for one in sources)


def _issuers(mesh: Mesh, policy: AuthorizationPolicy) -> tuple[str, ...]:
    """The issuers that are surely believed wherever a policy is enforced."""
    found = _believing(mesh).over(policy)
    return tuple(sorted({str(rule.issuer) for one in found for rule in one.jwt_rules if rule.issuer}))


@remembered
def _believing(mesh: Mesh) -> Covering[RequestAuthentication]:
    return Covering(mesh, mesh.request_authentications.all)
