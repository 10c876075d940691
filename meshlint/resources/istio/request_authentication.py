"""RequestAuthentication: which tokens (JWT) a workload believes."""

from __future__ import annotations

from meshlint.documents import Field, Text
from meshlint.resources.istio.parts import Duration, SpecView, duration, parts
from meshlint.resources.istio.selection import TargetRef, WorkloadSelector, match_labels, target_refs
from meshlint.resources.resource import Resource
from meshlint.resources.view_class import view
from meshlint.values import frozen


@view
class JwtHeader:
    """A header that may carry the token, after `prefix`."""

    field: Field
    name: Text | None
    prefix: Text | None


@view
class ClaimToHeader:
    """A header that the proxy fills with a claim of the token."""

    field: Field
    header: Text | None
    claim: Text | None


@view
class JwtRule:
    """An issuer, where its keys are and where its tokens stand.

    Without any of the three places, a token stands in the bearer header or the parameter `access_token`;
    without audiences, any audience will do. A request without a token passes (Istio: RequestAuthentication).
    """

    field: Field
    issuer: Text | None
    audiences: tuple[Text, ...]
    jwks_uri: Text | None
    jwks: Text | None
    from_headers: tuple[JwtHeader, ...]
    from_params: tuple[Text, ...]
    from_cookies: tuple[Text, ...]
    forward_original_token: bool
    output_payload_to_header: Text | None
    output_claim_to_headers: tuple[ClaimToHeader, ...]
    space_delimited_claims: tuple[Text, ...]
    presence: Text | None
    timeout: Duration | None

    @property
    def has_own_places(self) -> bool:
        """Whether it says where tokens stand, which replaces the usual places."""
        return bool(self.from_headers or self.from_params or self.from_cookies)


@frozen(eq=False, repr=False)
class RequestAuthentication(SpecView):
    """Token rules, added to those of every other one that attaches to the same workload."""

    selector: WorkloadSelector | None
    target_refs: tuple[TargetRef, ...]
    jwt_rules: tuple[JwtRule, ...]


def request_authentication(resource: Resource) -> RequestAuthentication:
    """The view of a RequestAuthentication of any version."""
    spec = resource.spec
    return RequestAuthentication(
        resource,
        selector=match_labels(spec),
        target_refs=target_refs(spec),
        jwt_rules=parts(spec, "jwtRules", _jwt_rule),
    )


def _jwt_rule(field: Field) -> JwtRule:
    return JwtRule(
        field,
        issuer=field.text("issuer"),
        audiences=field.texts("audiences"),
        jwks_uri=field.text("jwksUri") or field.text("jwks_uri"),
        jwks=field.text("jwks"),
        from_headers=parts(field, "fromHeaders", _header),
        from_params=field.texts("fromParams"),
        from_cookies=field.texts("fromCookies"),
        forward_original_token=field.boolean("forwardOriginalToken") or False,
        output_payload_to_header=field.text("outputPayloadToHeader"),
        output_claim_to_headers=parts(field, "outputClaimToHeaders", _claim),
        space_delimited_claims=field.texts("spaceDelimitedClaims"),
        presence=field.text("presence"),
        timeout=duration(field, "timeout"),
    )


def _header(field: Field) -> JwtHeader:
    return JwtHeader(field, field.text("name"), field.text("prefix"))


def _claim(field: Field) -> ClaimToHeader:
    return ClaimToHeader(field, field.text("header"), field.text("claim"))
