"""Linkerd's HTTPLocalRateLimitPolicy."""

from __future__ import annotations

from meshlint.documents import Field
from meshlint.resources.gateway_api.reference import Reference
from meshlint.resources.linkerd.group import policy_reference
from meshlint.resources.resource import Resource
from meshlint.resources.view import ObjectView
from meshlint.resources.view_class import view
from meshlint.values import frozen

_RATE = "requestsPerSecond"


@view
class RateOverride:
    """Another limit for some clients."""

    field: Field
    requests_per_second: int | None
    client_refs: tuple[Reference, ...]


@frozen(eq=False, repr=False)
class HTTPLocalRateLimitPolicy(ObjectView):
    """Limits in requests per second and proxy: for all clients together, for each, and for some of them."""

    target_ref: Reference
    total: int | None
    identity: int | None
    overrides: tuple[RateOverride, ...]


def rate_limit_policy(resource: Resource) -> HTTPLocalRateLimitPolicy:
    """`resource` read as an HTTPLocalRateLimitPolicy."""
    spec = resource.spec
    return HTTPLocalRateLimitPolicy(
        resource=resource,
        target_ref=policy_reference(spec / "targetRef", resource.namespace),
        total=(spec / "total").integer(_RATE),
        identity=(spec / "identity").integer(_RATE),
        overrides=tuple(_override(item, resource.namespace) for item in spec.items("overrides")),
    )


def _override(field: Field, namespace: str) -> RateOverride:
    clients = tuple(policy_reference(item, namespace) for item in field.items("clientRefs"))
    return RateOverride(field, field.integer(_RATE), clients)
