"""What is in force for all requests that take one hop: how often they are sent, how long waited for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from meshlint.documents import Field
from meshlint.resources import Resource
from meshlint.traffic.effects.effect import Effect, EffectKind
from meshlint.values import frozen

_AFTER_THE_SERVER = frozenset(
    {"5xx", "gateway-error", "reset", "retriable-4xx", "retriable-headers", "retriable-status-codes"}
)
_OF_GRPC = frozenset({"cancelled", "deadline-exceeded", "internal", "resource-exhausted", "unavailable"})
_ON_TIMEOUT = frozenset({"5xx", "gateway-error", "504"})
_PRECISION = 10**9


@frozen(eq=False, repr=False)
class Setting:
    """An amount that an object sets, and where; of lengths of time, whether it is that of each try."""

    amount: Fraction
    field: Field
    owner: Resource
    is_of_each: bool = False


@frozen(eq=False, repr=False)
class Route:
    """What one route does to the requests of a hop; None for what nothing in the files sets.

    `tries` is how often a server may see one request: once, and again for each retry that an answer of the
    server can cause. Retries on failures to connect come to no server (Envoy: x-envoy-retry-on). `patience`
    is how long an answer to one of these is waited for, `wait` how long for any of them.
    """

    tries: Setting | None
    patience: Setting | None
    wait: Setting | None


NOTHING = Route(None, None, None)


def route_settings(effects: Iterable[Effect], owner: Resource, *, is_grpc: bool) -> Route:
    """The settings among the effects that are in force for a route."""
    found = {effect.kind: effect for effect in effects}
    timeout, retries = found.get(EffectKind.TIMEOUT), found.get(EffectKind.RETRIES)
    limit = None if timeout is None else _seconds(timeout, "seconds", owner)
    if retries is None or retries.field is None or not retries.settings.get("attempts"):
        return Route(None, limit, limit)
    each = _seconds(retries, "per_try_seconds", owner)
    tries = 1 + int(retries.settings["attempts"])
    repeats = _repeats(retries.settings, is_grpc=is_grpc)
    together = each
    if each is not None and _repeats_slow_ones(retries.settings):
        together = Setting(each.amount * tries, each.field, owner)
    return Route(
        Setting(Fraction(tries), retries.field, owner) if repeats else None,
        _shorter(limit, each),
        _shorter(limit, together),
    )


def _conditions(settings: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(word.strip().lower() for word in str(settings.get("retry_on", "")).split(","))


def _repeats(settings: Mapping[str, Any], *, is_grpc: bool) -> bool:
    """Whether requests are sent again that the server may have worked on."""
    words = _conditions(settings)
    by_status = any(word[:3].isdecimal() for word in words)
    slow = words == {""} and "per_try_seconds" in settings
    return bool(words & _AFTER_THE_SERVER) or by_status or slow or (is_grpc and bool(words & _OF_GRPC))


def _repeats_slow_ones(settings: Mapping[str, Any]) -> bool:
    """Whether a try that has taken too long is followed by another (Envoy: per-try timeout)."""
    words = _conditions(settings)
    return bool(words & _ON_TIMEOUT) or words == {""}


def _seconds(effect: Effect, key: str, owner: Resource) -> Setting | None:
    seconds = effect.settings.get(key)
    if seconds is None or effect.field is None:
        return None
    amount = Fraction(seconds).limit_denominator(_PRECISION)
    return Setting(amount, effect.field, owner, is_of_each=effect.kind is EffectKind.RETRIES)


def _shorter(one: Setting | None, other: Setting | None) -> Setting | None:
    given = [setting for setting in (one, other) if setting is not None]
    return min(given, key=lambda setting: setting.amount) if given else None


def whatever_route(routes: Iterable[Route]) -> Route:
    """What holds for a request whichever of the routes it takes: at least so many tries, and no longer waits.

    A limit of some routes alone is no limit of how long a client waits; how long it does wait at least is
    that of the shortest limit.
    """
    every = tuple(routes)
    tries = [one.tries for one in every if one.tries is not None]
    patience = [one.patience for one in every if one.patience is not None]
    wait = [one.wait for one in every if one.wait is not None]
    return Route(
        min(tries, key=_amount) if len(tries) == len(every) and tries else None,
        max(patience, key=_amount) if len(patience) == len(every) and patience else None,
        min(wait, key=_amount) if wait else None,
    )


def _amount(setting: Setting) -> Fraction:
    return setting.amount
