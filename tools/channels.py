"""Marks what only the experimental channel of the Gateway API has, and leaves out what only it forbids."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

CHANNEL = "x-meshlint-channel"


def mark_experimental(wide: dict[str, Any], narrow: dict[str, Any]) -> None:
    """Mark every property of `wide` that `narrow` lacks, in place, at the outermost place only.

    Nobody can tell from manifests which channel a cluster has. So a pattern that the standard channel does
    not ask for is left out: 1.5 brought one for the values of headers, and most clusters take others as well.
    """
    if "pattern" not in narrow:
        wide.pop("pattern", None)
    if narrow.get("additionalProperties") is False:
        for name, child in wide.get("properties", {}).items():
            if name not in narrow.get("properties", {}):
                child[CHANNEL] = "experimental"
    for ours, theirs in _pairs(wide, narrow):
        mark_experimental(ours, theirs)


def _pairs(wide: dict[str, Any], narrow: dict[str, Any]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    for name, child in narrow.get("properties", {}).items():
        if name in wide.get("properties", {}):
            yield wide["properties"][name], child
    for key in ("items", "additionalProperties"):
        if isinstance(wide.get(key), dict) and isinstance(narrow.get(key), dict):
            yield wide[key], narrow[key]
