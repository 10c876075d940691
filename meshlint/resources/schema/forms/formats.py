"""The formats that the API server checks, and the durations of Go."""

from __future__ import annotations

import binascii
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from ipaddress import ip_address
from typing import Any, Final

from meshlint.values import regex

UNITS: Final = {"ns": 1, "us": 10**3, "µs": 10**3, "μs": 10**3, "ms": 10**6, "s": 10**9}
MINUTE: Final = 60 * 10**9
LONG_UNITS: Final = {"m": MINUTE, "h": 60 * MINUTE}
GO_UNITS: Final = UNITS | LONG_UNITS
WORDS: Final = regex(
    r"(\d+)\s*(ns|nanos?|us|µs|micros?|ms|millis?|s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|weeks?)"
)
GO_PART: Final = regex(r"(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)")
LONGEST: Final = 2**63 - 1
_REMEMBERED: Final = 1 << 8
"""How many durations are read once: those of a set are few."""
DATE_TIME: Final = regex(
    r"\d{4}-(?:0\d|1[0-2])-(?:[0-2]\d|3[01])[Tt ](?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d+)?"
    r"(?:[Zz]|[+-]\d{2}:?\d{2})",
    re.ASCII,
)


@lru_cache(maxsize=_REMEMBERED)
def go_duration(text: str) -> int | None:
    """The nanoseconds that a Go duration such as `1h30m` or `-1.5s` stands for; None if it is none."""
    body = text[1:] if text[:1] in "+-" and text else text
    if body == "0":
        return 0
    total, end = 0.0, 0
    for part in GO_PART.finditer(body):
        if part.start() != end:
            return None
        total += float(part[1]) * GO_UNITS[part[2]]
        end = part.end()
    if not body or end != len(body) or total > LONGEST:
        return None
    return -round(total) if text[0] == "-" else round(total)


def is_duration(text: str) -> bool:
    """Whether the API server takes `text` for a duration: as Go writes it, or in words such as `2 days`."""
    return go_duration(text) is not None or WORDS.fullmatch(text.strip().lower()) is not None


def is_bytes(text: str) -> bool:
    """Whether `text` is standard base64."""
    from base64 import b64decode  # few manifests have any

    try:
        return bool(b64decode(text, validate=True))
    except (binascii.Error, ValueError):
        return False


def is_address(text: str, version: int = 0) -> bool:
    """Whether `text` is an IP address, of `version` 4 or 6 unless 0."""
    try:
        address = ip_address(text)
    except ValueError:
        return False
    return "%" not in text and version in (0, address.version)


def _int_range(bits: int) -> Callable[[Any], bool]:
    limit = 2 ** (bits - 1)
    return lambda value: not isinstance(value, int | float) or -limit <= value < limit


FORMATS: Final[Mapping[str, Callable[[Any], bool]]] = {
    "byte": lambda value: not isinstance(value, str) or is_bytes(value),
    "date-time": lambda value: not isinstance(value, str) or DATE_TIME.fullmatch(value) is not None,
    "duration": lambda value: not isinstance(value, str) or is_duration(value),
    "int32": _int_range(32),
    "int64": _int_range(64),
    "ipv4": lambda value: not isinstance(value, str) or is_address(value, 4),
    "ipv6": lambda value: not isinstance(value, str) or is_address(value, 6),
}
"""By name; each holds for values of other types, which the type says."""
