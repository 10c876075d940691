"""The annotations that set timeouts and retries, as Linkerd's policy controller reads them.

On a Service or an EgressNetwork one that cannot be read voids all of its sort there, on a route admission
refuses the route (Linkerd: outbound index).
"""

from __future__ import annotations

from fractions import Fraction

from meshlint.documents import Text
from meshlint.resources.resource import Resource
from meshlint.values import frozen, regex

TIMEOUT = "timeout.linkerd.io/"
RETRY = "retry.linkerd.io/"
_UNITS = {"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}
_LENGTH = regex(r"\+?([0-9]+)(ms|s|m|h|d|)")
_COUNT = regex(r"\+?[0-9]+")
_MOST_LENGTH = 2**64 - 1
_MOST_DIGITS = 30
_MOST_COUNT = 65_535
_GRPC = frozenset({"cancelled", "deadline-exceeded", "internal", "resource-exhausted", "unavailable"})
_HTTP = frozenset({"5xx", "gateway-error"})
_CODES = range(100, 600)


@frozen(repr=False)
class Limit:
    """A length of time as it is written, and in milliseconds."""

    text: Text
    milliseconds: Fraction | int

    @property
    def seconds(self) -> float:
        """The length in seconds."""
        return float(Fraction(self.milliseconds) / 1000)


@frozen(repr=False)
class Timeouts:
    """The limits that are set; true if there is any."""

    request: Limit | None = None
    response: Limit | None = None
    idle: Limit | None = None

    def __bool__(self) -> bool:
        """Whether any limit is set, which hides those of the parent."""
        return any(one is not None for one in (self.request, self.response, self.idle))


@frozen(repr=False)
class Retries:
    """How often, when, and after which time without an answer; true if anything is set.

    A limit of 0 counts as unset, and so does a time of 0.
    """

    limit: int | None = None
    timeout: Limit | None = None
    conditions: Text | None = None

    def __bool__(self) -> bool:
        """Whether anything is set, which hides what the parent has."""
        return any(one is not None for one in (self.limit, self.timeout, self.conditions))


def timeouts(resource: Resource) -> Timeouts | None:
    """The limits that an object sets; None where one of them cannot be read."""
    if any(length(text) is None for text in timeout_texts(resource)):
        return None
    return Timeouts(*(_limit(resource, f"{TIMEOUT}{name}") for name in ("request", "response", "idle")))


def timeout_texts(resource: Resource) -> tuple[Text, ...]:
    """The annotations on limits that are read."""
    names = (f"{TIMEOUT}{name}" for name in ("request", "response", "idle"))
    return tuple(resource.annotations[name] for name in names if name in resource.annotations)


def retries(resource: Resource, *, grpc: bool) -> Retries | None:
    """What an object sets on retries of requests, or of gRPC calls; None where a part cannot be read."""
    if any(True for _ in unreadable_retries(resource, grpc=grpc)):
        return None
    limit = resource.annotations.get(f"{RETRY}limit")
    timeout = _limit(resource, f"{RETRY}timeout")
    return Retries(
        (_number(limit) or None) if limit is not None else None,
        timeout if timeout is not None and timeout.milliseconds else None,
        resource.annotations.get(_conditions_key(grpc=grpc)),
    )


def unreadable_retries(resource: Resource, *, grpc: bool) -> tuple[Text, ...]:
    """The annotations on retries that cannot be read."""
    limit = resource.annotations.get(f"{RETRY}limit")
    timeout = resource.annotations.get(f"{RETRY}timeout")
    conditions = resource.annotations.get(_conditions_key(grpc=grpc))
    found = (
        limit if limit is not None and not is_count(limit) else None,
        timeout if timeout is not None and length(timeout) is None else None,
        conditions if conditions is not None and bad_condition(conditions, grpc=grpc) is not None else None,
    )
    return tuple(one for one in found if one is not None)


def length(text: str) -> int | None:
    """A length of time in milliseconds: a whole number with a unit, or 0; None for anything else."""
    found = _LENGTH.fullmatch(text.strip())
    if found is None or (not found[2] and _number(found[1])):
        return None
    milliseconds = _number(found[1]) * _UNITS.get(found[2], 1)
    return milliseconds if milliseconds <= _MOST_LENGTH else None


def _number(digits: str) -> int:
    """A number by its digits; of more of them than fit anything, the first, which are too many as well."""
    return int(digits.lstrip("+0")[:_MOST_DIGITS] or "0")


def is_count(text: str) -> bool:
    """Whether a text is a whole number of two bytes."""
    return _COUNT.fullmatch(text) is not None and _number(text) <= _MOST_COUNT


def bad_condition(text: str, *, grpc: bool) -> str | None:
    """The first word of a list that is no condition for retries; None where all of them are."""
    known = _GRPC if grpc else _HTTP
    for word in text.split(","):
        if word.lower() not in known and (grpc or not _is_range(word)):
            return word
    return None


def _conditions_key(*, grpc: bool) -> str:
    return f"{RETRY}{'grpc' if grpc else 'http'}"


def _is_range(word: str) -> bool:
    """Whether a word is a status code, or a range of them."""
    low, dash, high = word.partition("-")
    ends = (low, high) if dash else (low, low)
    if not all(_COUNT.fullmatch(one) and _number(one) in _CODES for one in ends):
        return False
    return _number(ends[0]) <= _number(ends[1])


def _limit(resource: Resource, key: str) -> Limit | None:
    text = resource.annotations.get(key)
    milliseconds = None if text is None else length(text)
    return None if text is None or milliseconds is None else Limit(text, milliseconds)
