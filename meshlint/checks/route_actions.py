"""What routes of VirtualServices do: actions that are rejected, or that do not do what they look like."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.world import World
from meshlint.documents import Field
from meshlint.resources.istio.http_route import HttpRoute
from meshlint.resources.resource import Resource

_EFFECTIVE_CODES = frozenset({301, 302, 303, 307, 308})


def _routes(world: World) -> Iterator[tuple[Resource, HttpRoute]]:
    for virtual_service in world.mesh.virtual_services:
        for route in virtual_service.http:
            yield virtual_service.resource, route


def conflict(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A route has no action, several, or one that excludes what stands beside it."""
    for owner, route in _routes(world):
        for at, problem, hint in _conflicts(route):
            yield Hit(
                at,
                f"{owner} {problem}, so Istio rejects it",
                resource=owner,
                on_key=True,
                hint=hint,
                about=problem,
            )


def _conflicts(route: HttpRoute) -> Iterator[tuple[Field, str, str]]:
    has = [key for key in ("route", "redirect", "directResponse", "delegate") if route.field / key]
    if not has and isinstance(route.field.value, dict):
        yield route.field, "has a route without an action", "Add `route`, `redirect` or `directResponse`."
    for extra in has[1:]:
        hint = "A route has exactly one of `route`, `redirect`, `directResponse` and `delegate`."
        yield route.field / extra, f"has a route with both {has[0]} and {extra}", hint
    answer = next((key for key in ("redirect", "directResponse") if key in has), None)
    for key in ("fault", "rewrite") if answer and len(has) == 1 else ():
        if route.field / key:
            hint = f"Nothing is sent on where a route answers itself: remove `{key}`."
            yield route.field / key, f"has a route with both {answer} and {key}", hint
    if route.field / "mirror" and route.field / "mirrors":
        yield route.field / "mirrors", "has a route with both mirror and mirrors", "Use `mirrors` alone."


def redirect_code(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A redirect has a status that clients do not follow."""
    for owner, route in _routes(world):
        redirect = route.redirect
        code = None if redirect is None else redirect.field.integer("redirectCode")
        if redirect is not None and code is not None and code and code not in _EFFECTIVE_CODES:
            yield Hit(
                redirect.field / "redirectCode",
                f"{owner} redirects with status {code}, so Istio sends 301 or rejects it",
                resource=owner,
                hint="Use 301, 302, 303, 307 or 308.",
            )


def redirect_loop(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A redirect leads to a request that the same route takes again."""
    from meshlint.traffic.reach.loops import redirect_loops

    for owner, route in redirect_loops(world.mesh):
        yield Hit(
            route.field / "redirect",
            f"{owner} redirects to what the same route takes again, so clients loop",
            resource=owner,
            on_key=True,
            hint="Let the route match only what is to be redirected, or change scheme, authority or path.",
        )


def rewrite_slash(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A prefix ends in a slash and its rewrite does not, or the other way round."""
    for owner, route in _routes(world):
        rewrite = None if route.rewrite is None else route.rewrite.uri
        for match in route.match:
            prefix = match.uri.value if match.uri is not None and match.uri.kind == "prefix" else None
            example = _rewritten(prefix, rewrite) if prefix and rewrite is not None else None
            if example is not None and rewrite is not None:
                yield Hit(
                    rewrite.field,
                    f"{owner} rewrites prefix {str(prefix)!r} to {str(rewrite)!r}, "
                    f"so {example[0]!r} becomes {example[1]!r}",
                    resource=owner,
                    hint="Let both end in a slash, or neither.",
                    about=str(prefix),
                )
                break


def _rewritten(prefix: str, rewrite: str) -> tuple[str, str] | None:
    if prefix.endswith("/") and not rewrite.endswith("/"):
        return f"{prefix}x", f"{rewrite}x"
    return None


def fault_without_percentage(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A fault has no percentage, which counts as none of the requests."""
    for owner, route in _routes(world):
        fault = route.fault
        for name, part in (("delay", fault.delay), ("abort", fault.abort)) if fault is not None else ():
            if part is not None and not part.field / "percentage" and not part.field / "percent":
                yield Hit(
                    part.field,
                    f"{owner} injects a fault without percentage, so it never happens",
                    resource=owner,
                    on_key=True,
                    hint="Write `percentage.value`, from 0 to 100.",
                    about=name,
                )


def fault_active(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A fault is injected."""
    for owner, route in _routes(world):
        fault = route.fault
        for name, part in (("delay", fault.delay), ("abort", fault.abort)) if fault is not None else ():
            if part is not None and part.percentage:
                yield Hit(
                    part.field,
                    f"{owner} injects a fault ({name}) into {part.percentage:g} % of them, so users feel it",
                    resource=owner,
                    on_key=True,
                    hint="Remove the fault when the test is over.",
                    about=name,
                )


def cors_any_origin(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """Any origin may send requests with credentials."""
    for owner, route in _routes(world):
        cors = route.cors_policy
        if cors is None or not cors.allow_credentials:
            continue
        for origin in cors.allow_origins:
            if _any_origin(origin.kind, origin.value):
                yield Hit(
                    origin.value.field if origin.value else origin.field,
                    f"{owner} lets any origin send credentials, so any page acts as the user",
                    resource=owner,
                    hint="List the origins, or set `allowCredentials: false`.",
                )
        for text in cors.allow_origin if not cors.allow_origins else ():
            if text == "*":
                yield Hit(
                    text.field,
                    f"{owner} lets any origin send credentials, so any page acts as the user",
                    resource=owner,
                    hint="List the origins under `allowOrigins`.",
                )


def cors_any_origin_plain(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """Pages of any origin may read answers, though without credentials."""
    for owner, route in _routes(world):
        cors = route.cors_policy
        for origin in cors.allow_origins if cors is not None and not cors.allow_credentials else ():
            if _any_origin(origin.kind, origin.value):
                yield Hit(
                    origin.value.field if origin.value else origin.field,
                    f"{owner} lets any origin read answers, so pages of strangers may call it",
                    resource=owner,
                    hint="List the origins that call.",
                )


def _any_origin(kind: str, value: str) -> bool:
    if kind == "regex":
        return value in (".*", ".+", "*", "^.*$", "https?://.*", "https://.*", "http://.*", "(.*)")
    return value == "*" or (kind == "prefix" and value in ("http", "https", "https://", "http://", "h"))


def duplicate_destination(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A route names one destination twice."""
    for owner, route in _routes(world):
        first: dict[tuple[str, str | None, int | None], Field] = {}
        for entry in route.route:
            place = entry.destination
            key = (str(place.host or ""), place.subset and str(place.subset), place.port)
            # Without a weight it gets nothing, which another rule tells.
            if key in first and entry.weight is not None:
                yield Hit(
                    entry.field,
                    f"{owner} names destination {key[0]!r} twice in one route, so the two weights add up",
                    resource=owner,
                    hint="Merge the two, or correct the subset of one.",
                    related=(Related(first[key], "named here first"),),
                )
            first.setdefault(key, entry.field)


def too_short(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A timeout is not a length of time of at least a millisecond."""
    for owner, route in _routes(world):
        retries = route.retries
        durations = [("timeout", route.timeout)]
        if retries is not None:
            durations.append(("perTryTimeout", retries.per_try_timeout))
        for name, length in durations:
            nanoseconds = None if length is None else length.nanoseconds
            if length is not None and nanoseconds is not None and nanoseconds < 1_000_000:
                yield Hit(
                    length.field,
                    f"{owner} sets {name} {str(length.text)!r}, so Istio rejects it",
                    resource=owner,
                    hint="Leave the timeout out for none at all; the shortest is 1ms.",
                )


_RETRY_ON = frozenset(
    {
        "5xx",
        "cancelled",
        "connect-failure",
        "deadline-exceeded",
        "envoy-ratelimited",
        "gateway-error",
        "http3-post-connect-failure",
        "internal",
        "refused-stream",
        "reset",
        "reset-before-request",
        "resource-exhausted",
        "retriable-4xx",
        "retriable-headers",
        "retriable-status-codes",
        "unavailable",
    }
)


def retry_on_unknown(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A condition for retries does not exist."""
    for owner, route in _routes(world):
        text = None if route.retries is None else route.retries.retry_on
        for token in (text or "").split(","):
            wrong = bool(token) and token not in _RETRY_ON and not _is_status(token)
            if wrong and text is not None:
                yield Hit(
                    text.field,
                    f"{owner} retries on {token!r}, which is unknown, so Istio rejects it",
                    resource=owner,
                    hint="Conditions are separated by commas without spaces.",
                    about=token,
                )


def _is_status(token: str) -> bool:
    return token.isascii() and token.isdecimal() and len(token) == 3


def retries_cut_off(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """The timeout of a route ends before its retries could."""
    for owner, route in _routes(world):
        retries, timeout = route.retries, route.timeout
        if retries is None or timeout is None or not timeout.nanoseconds:
            continue
        each = None if retries.per_try_timeout is None else retries.per_try_timeout.nanoseconds
        if each and retries.attempts and each >= timeout.nanoseconds:
            yield Hit(
                timeout.field,
                f"{owner} has timeout {str(timeout.text)!r}, which one try may use up, so nothing is retried",
                resource=owner,
                hint="Let `timeout` be at least (1 + attempts) times `perTryTimeout`.",
                related=(Related(retries.field, "the retries"),),
            )


def retries_switched_off(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """Retries are turned off and configured all the same."""
    for owner, route in _routes(world):
        retries = route.retries
        if retries is None or retries.field.integer("attempts") != 0:
            continue
        for key in ("perTryTimeout", "retryOn", "retryRemoteLocalities"):
            if retries.field / key:
                yield Hit(
                    retries.field / key,
                    f"{owner} sets {key} with attempts 0, so Istio rejects it",
                    resource=owner,
                    on_key=True,
                    hint="Remove it, or allow at least one attempt.",
                    about=key,
                )
