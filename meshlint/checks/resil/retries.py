"""Timeouts and retries of VirtualServices that do not do what they look like."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.shared.http_routes import http_routes
from meshlint.checks.world import World


def too_short(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A timeout is not a length of time of at least a millisecond."""
    for owner, route in http_routes(world):
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
    for owner, route in http_routes(world):
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
    for owner, route in http_routes(world):
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
    for owner, route in http_routes(world):
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
