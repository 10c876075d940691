"""Timeouts and retries that Linkerd's proxies keep to, from annotations, routes and ServiceProfiles."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from meshlint.documents import Field
from meshlint.mesh import Mesh
from meshlint.resources.gateway_api.reference import GROUP
from meshlint.resources.gateway_api.route import RouteRule
from meshlint.resources.istio.parts import duration
from meshlint.resources.linkerd.annotations import Limit, length, retries, timeouts
from meshlint.resources.linkerd.service_profile import ProfileRoute
from meshlint.resources.resource import Resource
from meshlint.traffic.effects.effect import Effect, EffectKind, no_retries, no_timeout
from meshlint.traffic.effects.gateway_api import filter_effects

_BUDGET = "within a budget of 20 % more requests and 10 a second"


def linkerd_effects(
    mesh: Mesh, owner: Resource, rule: RouteRule[Any] | None, parent: Resource | None
) -> Iterator[Effect]:
    """What is in force for requests of a rule of `owner`, or of a Service or EgressNetwork without routes.

    Any timeout of the route takes the place of all that its parent has, and any setting of retries that of
    all of those (Linkerd: outbound timeouts and retries).
    """
    yield _timeout(owner, rule, parent)
    yield _retries(owner, rule, parent)
    if rule is not None:
        yield from filter_effects(mesh, owner.namespace, rule.filters)


def profile_effects(route: ProfileRoute | None, budget: Field | None) -> Iterator[Effect]:
    """What a route of a ServiceProfile puts in force; None for requests that none of them takes."""
    text = None if route is None else route.timeout
    length = None if text is None or route is None else duration(route.field, "timeout")
    if text is None or length is None:
        yield no_timeout()
    else:
        yield Effect(EffectKind.TIMEOUT, str(text), {"seconds": length.seconds}, text.field)
    if route is None or not route.is_retryable:
        yield no_retries()
        return
    allowed = _BUDGET if budget is None else "within the profile's retry budget"
    yield Effect(
        EffectKind.RETRIES, f"failed requests again, {allowed}", {"budget": True}, route.field / "isRetryable"
    )


def _timeout(owner: Resource, rule: RouteRule[Any] | None, parent: Resource | None) -> Effect:
    """The limit of a whole request: a length of 0 is one that every request misses."""
    own = None if rule is None else timeouts(owner)
    limit = own.request if own is not None else None
    if limit is None and rule is not None:
        limit = _of_rule(owner, rule)
    if limit is None and (own is None or not own) and parent is not None:
        given = timeouts(parent)
        limit = None if given is None else given.request
    if limit is None:
        return no_timeout()
    return Effect(EffectKind.TIMEOUT, str(limit.text), {"seconds": limit.seconds}, limit.text.field)


def _of_rule(owner: Resource, rule: RouteRule[Any]) -> Limit | None:
    """`timeouts.request`, of which 0 is none; that of the Gateway API's group is read like an annotation."""
    text = rule.timeouts.text("request")
    if text is None:
        return None
    go = None if owner.group == GROUP else duration(rule.timeouts, "request")
    milliseconds = length(text) if owner.group == GROUP else None
    if go is not None:
        return Limit(text, Fraction(go.nanoseconds, 1_000_000)) if go.nanoseconds else None
    return Limit(text, milliseconds) if milliseconds else None


def _retries(owner: Resource, rule: RouteRule[Any] | None, parent: Resource | None) -> Effect:
    grpc = owner.kind == "GRPCRoute"
    found = None if rule is None else retries(owner, grpc=grpc)
    if not found and parent is not None:
        found = retries(parent, grpc=grpc)
    if not found or (found.conditions is None and found.timeout is None):
        return no_retries()
    attempts = found.limit or 1
    text = "once more" if attempts == 1 else f"up to {attempts} times more"
    settings: dict[str, Any] = {"attempts": attempts, "retry_on": str(found.conditions or "")}
    if found.conditions is not None:
        text += f" on {found.conditions}"
    if found.timeout is not None:
        text += f", each within {found.timeout.text}" if found.conditions else f" after {found.timeout.text}"
        settings["per_try_seconds"] = found.timeout.seconds
    place = found.conditions or (found.timeout.text if found.timeout is not None else None)
    return Effect(EffectKind.RETRIES, text, settings, None if place is None else place.field)
