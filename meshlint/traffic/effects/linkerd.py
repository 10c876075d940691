"""Timeouts and retries that Linkerd's proxies keep to, from annotations, routes and ServiceProfiles."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from meshlint.documents import Field, Text
from meshlint.mesh import Mesh
from meshlint.resources.gateway_api.reference import GROUP
from meshlint.resources.gateway_api.route import RouteRule
from meshlint.resources.istio.parts import duration
from meshlint.resources.kubernetes.service import Service
from meshlint.resources.linkerd.service_profile import ProfileRoute
from meshlint.resources.resource import Resource
from meshlint.traffic.effects.effect import Effect, EffectKind, no_retries, no_timeout
from meshlint.traffic.effects.gateway_api import filter_effects

_TIMEOUT = "timeout.linkerd.io/"
_RETRY = "retry.linkerd.io/"
_DURATION = re.compile(r"([0-9]+)(ms|s|m|h|d)|0")
_SECONDS = {
    "ms": Fraction(1, 1000),
    "s": Fraction(1),
    "m": Fraction(60),
    "h": Fraction(3600),
    "d": Fraction(86400),
}
_BUDGET = "within a budget of 20 % more requests and 10 a second"


def linkerd_effects(
    mesh: Mesh, owner: Resource, rule: RouteRule[Any] | None, service: Service | None
) -> Iterator[Effect]:
    """What is in force for requests of a rule of `owner`, or of a service without routes.

    Annotations on the route take the place of all that the Service has for the same thing (Linkerd: outbound
    timeouts and retries).
    """
    annotated = [owner] if rule is not None else []
    annotated += [service.resource] if service is not None else []
    yield _timeout(annotated, owner, rule)
    yield _retries(annotated, grpc=owner.kind == "GRPCRoute")
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


def _timeout(annotated: list[Resource], owner: Resource, rule: RouteRule[Any] | None) -> Effect:
    for resource in annotated:
        found = _of(resource, _TIMEOUT)
        if found:
            text = found.get("request")
            seconds = None if text is None else _seconds(text)
            if text is not None and seconds:
                return Effect(EffectKind.TIMEOUT, str(text), {"seconds": float(seconds)}, text.field)
            if text is not None:
                return no_timeout()
        if resource is owner and rule is not None:
            own = _of_rule(owner, rule)
            if own is not None:
                return own
    return no_timeout()


def _of_rule(owner: Resource, rule: RouteRule[Any]) -> Effect | None:
    """`timeouts.request`; that of the Gateway API's group is read like an annotation."""
    text = rule.timeouts.text("request")
    if text is None:
        return None
    go = duration(rule.timeouts, "request")
    seconds = _seconds(text) if owner.group == GROUP else (None if go is None else go.seconds)
    return (
        Effect(EffectKind.TIMEOUT, str(text), {"seconds": float(seconds)}, text.field)
        if seconds
        else no_timeout()
    )


def _retries(annotated: list[Resource], *, grpc: bool) -> Effect:
    for resource in annotated:
        found = _of(resource, _RETRY)
        conditions = found.get("grpc" if grpc else "http")
        if conditions is None:
            continue
        limit = found.get("limit")
        # A limit of 0 counts as unset.
        attempts = int(limit) if limit is not None and limit.isdecimal() and int(limit) else 1
        each = found.get("timeout")
        text = ("once more" if attempts == 1 else f"up to {attempts} times more") + f" on {conditions}"
        text += f", each within {each}" if each is not None else ""
        settings: dict[str, Any] = {"attempts": attempts, "retry_on": str(conditions)}
        return Effect(EffectKind.RETRIES, text, settings, conditions.field)
    return no_retries()


def _of(resource: Resource, prefix: str) -> Mapping[str, Text]:
    return {
        key.removeprefix(prefix): value
        for key, value in resource.annotations.items()
        if key.startswith(prefix)
    }


def _seconds(text: str) -> Fraction | None:
    """A length of time as Linkerd's annotations have it: one whole number with a unit."""
    found = _DURATION.fullmatch(text)
    if found is None:
        return None
    return Fraction(found[1] or 0) * _SECONDS[found[2] or "s"]
