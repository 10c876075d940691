"""Sizes and ranges that a value may have."""

from __future__ import annotations

import json
from typing import Any, Final

LIMITS: Final = (
    "exclusiveMaximum",
    "exclusiveMinimum",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "uniqueItems",
)


def within(name: str, limit: Any, value: Any) -> bool:
    """Whether `value` keeps to the JSON Schema limit `name`; one about another type always holds."""
    if isinstance(value, str):
        return _sized(name, limit, len(value), "Length")
    if isinstance(value, list):
        return _sized(name, limit, len(value), "Items") and (
            name != "uniqueItems" or not limit or _distinct(value)
        )
    if isinstance(value, dict):
        return _sized(name, limit, len(value), "Properties")
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _ranged(name, limit, value)
    return True


def _sized(name: str, limit: Any, size: int, what: str) -> bool:
    if name == f"max{what}":
        return bool(size <= limit)
    return name != f"min{what}" or bool(size >= limit)


def _ranged(name: str, limit: Any, value: float) -> bool:
    match name:
        case "minimum":
            return bool(value >= limit)
        case "maximum":
            return bool(value <= limit)
        case "exclusiveMinimum":
            return bool(value > limit)
        case "exclusiveMaximum":
            return bool(value < limit)
        case "multipleOf":
            return bool(value % limit == 0)
    return True


def _distinct(items: list[Any]) -> bool:
    seen = {json.dumps(item, sort_keys=True, default=str) for item in items}
    return len(seen) == len(items)
