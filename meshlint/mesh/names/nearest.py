"""The names that an author may have meant."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

_MOST_KEPT: Final = 1 << 16


def nearest(name: str, known: Iterable[str], most: int = 3) -> tuple[str, ...]:
    """Up to `most` of the `known` names that look like `name`, the likeliest first."""
    return tuple(close_matches(name, sorted(set(known)), most, 0.6))


def close_matches(name: str, known: Iterable[str], most: int, cutoff: float) -> list[str]:
    """What `difflib.get_close_matches` gives, which is asked about few: most names lack too many letters."""
    near = [other for other in known if _may_be_like(name, other, cutoff)]
    if not near:
        return []
    from difflib import get_close_matches

    return get_close_matches(name, near, n=most, cutoff=cutoff)


def _may_be_like(one: str, other: str, cutoff: float) -> bool:
    """Whether the characters that both have may be enough for a likeness of `cutoff`.

    Each character that only one has takes at least one place of it from what both can share.
    """
    mine, theirs, length = _characters(one), _characters(other), len(one) + len(other)
    shared = min(len(one) - (mine & ~theirs).bit_count(), len(other) - (theirs & ~mine).bit_count())
    return length == 0 or 2.0 * shared / length >= cutoff


@lru_cache(_MOST_KEPT)
def _characters(text: str) -> int:
    """A number with a bit for each character of a text; rare characters share theirs."""
    bits = 0
    for character in text:
        bits |= 1 << (ord(character) & 127)
    return bits
