"""HTTP routes of a VirtualService (Istio: `validateHTTPRoute` and what it asks)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from meshlint.admission.istio.parts import headers
from meshlint.admission.istio.parts.destinations import DESTINATION, MATCH_SCOPE, WEIGHTED, all_zero
from meshlint.admission.istio.parts.redirects import redirect, rewrite
from meshlint.admission.istio.vocabulary.messages import needs, needs_one
from meshlint.admission.istio.vocabulary.mistake import Mistake
from meshlint.admission.istio.vocabulary.said import Check, Declared, Said, Scene
from meshlint.admission.istio.vocabulary.values import (
    NAME,
    PERCENT,
    duration,
    duration_in_seconds,
    fraction,
    is_set,
    items,
    number,
    one_of,
    regex_problem,
    text,
    timeout,
    unless_empty,
    within,
)
from meshlint.resources.schema.words.writing import quoted

CORS_METHODS: Final = frozenset(
    ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "CONNECT", "OPTIONS", "TRACE", "*")
)
GRPC_STATUS: Final = frozenset(
    (
        "OK",
        "CANCELLED",
        "UNKNOWN",
        "INVALID_ARGUMENT",
        "DEADLINE_EXCEEDED",
        "NOT_FOUND",
        "ALREADY_EXISTS",
        "PERMISSION_DENIED",
        "RESOURCE_EXHAUSTED",
        "FAILED_PRECONDITION",
        "ABORTED",
        "OUT_OF_RANGE",
        "UNIMPLEMENTED",
        "INTERNAL",
        "UNAVAILABLE",
        "DATA_LOSS",
        "UNAUTHENTICATED",
    )
)
RETRY_ON: Final = frozenset(
    (
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
    )
)
STATUSES: Final = frozenset(
    {*range(100, 104), *range(200, 209), 226, *range(300, 306), 307, 308}
    | {*range(400, 419), *range(421, 427), 428, 429, 431, 451, *range(500, 509), 510, 511}
)
"""Statuses that Go has a name for."""
_BESIDE_ROUTE: Final = frozenset(("delegate", "directResponse", "mirror", "mirrors", "redirect"))
LARGE_BODY, LARGEST_BODY = 100 * 1024, 1024 * 1024


def _tested(name: str, *, empty_prefix: bool = False) -> Check:
    """A test of a text: its expression is one of RE2, and its prefix is not empty."""

    def check(value: Any, _: Scene) -> Iterator[Said]:
        if not isinstance(value, dict):
            return
        problem = regex_problem(value["regex"]) if isinstance(value.get("regex"), str) else ""
        if problem:
            hint = "Regular expressions follow RE2: no look-around and no back-references."
            words = f"tests {name} by what {problem}"
            yield Said(Mistake.ROUTE_TEST, words, ("regex",), hint)
        elif value.get("prefix") == "" and not empty_prefix:
            words = f"tests {name} by an empty prefix"
            yield Said(Mistake.ROUTE_TEST, words, ("prefix",), "Leave the test out to admit all.")

    return check


def _unless_star(check: Check) -> Check:
    """`check`, but for the expression `*`, which Istio takes for any value."""
    return lambda value, scene: () if text(value, "regex") == "*" else check(value, scene)


MATCH: Declared = {
    **MATCH_SCOPE,
    "sourceNamespace": unless_empty(NAME),
    "headers": {"(key)": headers.matched, "*": _tested("a header")},
    "withoutHeaders": {"(key)": headers.matched, "*": _unless_star(_tested("a header"))},
    "uri": _tested("the path", empty_prefix=True),
    "scheme": _tested("the scheme"),
    "method": _tested("the method"),
    "authority": _tested("the authority"),
    "queryParams.*": _tested("a query parameter"),
}


def actions(value: Any, scene: Scene) -> Iterator[Said]:
    """What a route does: one thing, and nothing beside it that has no place there."""
    if not isinstance(value, dict) or (_BESIDE_ROUTE.isdisjoint(value) and items(value, "route")):
        return
    is_delegate = not scene.spec.get("hosts")
    if is_set(value, "delegate"):
        if is_delegate:
            words = "is a delegate that delegates"
            yield _action(words, "delegate", "Only a VirtualService with hosts delegates.")
        else:
            extra = [name for name in ("redirect", "route") if value.get(name)]
            for name in extra[:1]:
                yield _action(f"has a route with both {name} and delegate", name, related="delegate")
            return
    yield from _alone(value)
    if is_set(value, "mirror") and items(value, "mirrors"):
        yield _action("has a route with both mirror and mirrors", "mirrors", "Use `mirrors` alone.", "mirror")


def _alone(value: dict[str, Any]) -> Iterator[Said]:
    answers = [name for name in ("redirect", "directResponse") if is_set(value, name)]
    if not answers:
        if not items(value, "route") and not is_set(value, "delegate"):
            hint = "Add `route`, `redirect` or `directResponse`."
            at = ("route",) if "route" in value else ()
            yield Said(Mistake.ROUTE_ACTION, "has a route without an action", at, hint, on_key=True)
        return
    first = answers[0]
    others = ("route", "fault", "rewrite", "directResponse")
    extra = [name for name in others if name != first and (items(value, name) or is_set(value, name))]
    extra = [name for name in extra if name != "route" or items(value, "route")]
    if extra:
        hint = f"Nothing is sent on where a route answers itself: keep `{first}` alone."
        one, other = ("route", first) if extra[0] == "route" else (first, extra[0])
        yield _action(f"has a route with both {one} and {other}", other, hint, one)


def _action(words: str, at: str, hint: str = "", related: str = "") -> Said:
    hint = hint or "A route has exactly one of `route`, `redirect`, `directResponse` and `delegate`."
    others = ((related,),) if related else ()
    return Said(Mistake.ROUTE_ACTION, words, (at,), hint, on_key=True, related=others)


def _retries(value: Any, _: Scene) -> Iterator[Said]:
    if not isinstance(value, dict) or number(value, "attempts"):
        return
    for key in ("perTryTimeout", "retryOn", "retryRemoteLocalities"):
        if value.get(key) is not None and value.get(key) != "":
            words = f"sets {key} with attempts 0"
            hint = "Remove it, or allow at least one attempt."
            yield Said(Mistake.RETRIES_OFF, words, (key,), hint, on_key=True, related=(("attempts",),))
            return


def _retry_on(value: Any, _: Scene) -> Iterator[Said]:
    for condition in value.split(",") if isinstance(value, str) and value else ():
        if condition not in RETRY_ON and not _is_status(condition):
            words = f"retries on {quoted(condition)}, which is unknown"
            hint = "Conditions are separated by commas without spaces."
            yield Said(Mistake.RETRY_ON, words, hint=hint)


def _is_status(condition: str) -> bool:
    """A status as Go reads it: a whole number, also with a sign or zeros before it."""
    digits = condition[1:] if condition[:1] in ("+", "-") else condition
    negative = condition.startswith("-")
    return digits.isascii() and digits.isdecimal() and not negative and int(digits[-9:]) in STATUSES


def _response(value: Any, _: Scene) -> Iterator[Said]:
    if not isinstance(value, dict):
        return
    status = number(value, "status")
    if not 200 <= status <= 600:
        at = ("status",) if "status" in value else ()
        yield Said(Mistake.NUMBER, f"answers with status {status:g}", at, "Write a status from 200 to 599.")
    body = value.get("body")
    size = len(text(body, "string").encode()) or len(text(body, "bytes")) * 3 // 4
    if size > LARGEST_BODY:
        yield Said(Mistake.NUMBER, f"answers with {size} bytes", ("body",), "Answers have at most 1 MB.")
    elif size > LARGE_BODY:
        words = f"answers with {size} bytes, so each proxy has to hold them"
        yield Said(Mistake.DOUBTFUL, words, ("body",), refuses=False)


def _abort(value: Any, _: Scene) -> Iterator[Said]:
    if not isinstance(value, dict):
        return
    if value.get("http2Error") is not None:
        words = "aborts requests with http2Error, which Istio does not support"
        yield Said(Mistake.UNSUPPORTED, words, ("http2Error",), "Use httpStatus or grpcStatus.", on_key=True)
    elif value.get("grpcStatus") is not None:
        if value["grpcStatus"] not in GRPC_STATUS:
            words = f"aborts with the gRPC status {quoted(value['grpcStatus'])}, which is unknown"
            yield Said(Mistake.UNKNOWN_VALUE, words, ("grpcStatus",), "Write it like UNAVAILABLE.")
    elif value.get("httpStatus") is None:
        words = "aborts requests without a status, so none is aborted"
        yield Said(Mistake.IGNORED, words, hint="Set httpStatus or grpcStatus.", on_key=True, refuses=False)
    elif not 200 <= number(value, "httpStatus") <= 600:
        words = f"aborts with status {value['httpStatus']}"
        yield Said(Mistake.NUMBER, words, ("httpStatus",), "Write a status from 200 to 599.")


def _exponential(value: Any, _: Scene) -> Iterator[Said]:
    if is_set(value, "exponentialDelay"):
        words = "delays requests by exponentialDelay, which Istio does not support"
        yield Said(Mistake.UNSUPPORTED, words, ("exponentialDelay",), "Use fixedDelay.", on_key=True)


def _origin(value: Any, _: Scene) -> Iterator[Said]:
    if not isinstance(value, dict):
        return
    kind = next((key for key in ("exact", "prefix", "regex") if isinstance(value.get(key), str)), None)
    if kind is None or not value[kind]:
        at = (kind,) if kind else ()
        yield Said(Mistake.ROUTE_TEST, "allows an empty origin", at, "Name the origin.")
    elif kind == "regex" and (problem := regex_problem(value["regex"])):
        words = f"allows origins by what {problem}"
        yield Said(Mistake.ROUTE_TEST, words, ("regex",))


def _cors_header(value: Any, scene: Scene) -> Iterator[Said]:
    return iter(()) if value == "*" else iter(headers.header(headers.NAME)(value, scene))


CORS: Declared = {
    "allowOrigins[]": _origin,
    "allowMethods[]": one_of({*CORS_METHODS}, what="method", empty=False),
    "allowHeaders[]": _cors_header,
    "exposeHeaders[]": _cors_header,
    "maxAge": duration_in_seconds,
}
FAULT: Declared = {
    "": needs_one("abort", "delay", what="a fault that injects nothing"),
    "abort": {"": _abort, "percentage.value": fraction},
    "delay": {"": _exponential, "percentage.value": fraction, "fixedDelay": duration},
}


HTTP_ROUTE: Declared = {
    "": (actions, redirect, headers.authority_once, all_zero),
    "match[]": MATCH,
    "headers": headers.HEADERS,
    "corsPolicy": CORS,
    "fault": FAULT,
    "mirrorPercent": within(0, 100),
    "mirror_percent": within(0, 100),
    "mirrorPercentage.value": PERCENT,
    "mirror": DESTINATION,
    "mirrors[]": {"": needs("destination"), "destination": DESTINATION, "percentage.value": PERCENT},
    "directResponse": _response,
    "retries": {
        "": _retries,
        "attempts": within(0),
        "perTryTimeout": timeout,
        "retryOn": _retry_on,
        "backoff": duration,
    },
    "rewrite": rewrite,
    "route[]": {**WEIGHTED, "headers": headers.HEADERS},
    "timeout": timeout,
}
