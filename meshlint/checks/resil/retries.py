"""Timeouts and retries of VirtualServices that do not do what they look like."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.admission.istio.vocabulary.mistake import Mistake
from meshlint.checks.hit import Hit, Related
from meshlint.checks.shared.http_routes import http_routes
from meshlint.checks.shared.told import told
from meshlint.checks.world import World


def too_short(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A timeout is not a length of time of at least a millisecond."""
    return told(world, Mistake.TIMEOUT)


def retry_on_unknown(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A condition for retries does not exist."""
    return told(world, Mistake.RETRY_ON)


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
    return told(world, Mistake.RETRIES_OFF)
