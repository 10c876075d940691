"""Tolerant reading of plain values, for checks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

REFUSED: Final = "so it is refused"


def has(value: Any, name: str) -> bool:
    """Whether a mapping sets `name`."""
    return isinstance(value, dict) and name in value


def text(value: Any, name: str) -> str:
    """The text at `name`, else empty."""
    inner = value.get(name) if isinstance(value, dict) else None
    return inner if isinstance(inner, str) else ""


def mapping(value: Any, name: str) -> dict[str, Any]:
    """The mapping at `name`, else an empty one."""
    inner = value.get(name) if isinstance(value, dict) else None
    return inner if isinstance(inner, dict) else {}


def items(value: Any, name: str | None = None) -> list[Any]:
    """The list at `name` (or `value` itself), else an empty one."""
    inner = value if name is None else value.get(name) if isinstance(value, dict) else None
    return inner if isinstance(inner, list) else []


def mappings(value: Any, name: str | None = None) -> Iterator[tuple[int, dict[str, Any]]]:
    """The mappings in a list, each with its index."""
    for index, item in enumerate(items(value, name)):
        if isinstance(item, dict):
            yield index, item
