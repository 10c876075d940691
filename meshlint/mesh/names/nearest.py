"""The names that an author may have meant."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

_MOST_KEPT: Final = 1 << 16
_ROUNDING: Final = 1e-9
_CHARACTERS: Final = 128
_LAST: Final = 1 << 3 * _CHARACTERS
"""The bits from here on are those of a character's fourth time, and of all that follow."""


def nearest(name: str, known: Iterable[str], most: int = 3) -> tuple[str, ...]:
    """Up to `most` of the `known` names that look like `name`, the likeliest first."""
    return tuple(close_matches(name, sorted(set(known)), most, 0.6))


def close_matches(name: str, known: Iterable[str], most: int, cutoff: float) -> list[str]:
    """What `difflib.get_close_matches` gives, which is asked about few: most names lack too many letters."""
    near = _alike(name, known, cutoff)
    if not near:
        return []
    from difflib import get_close_matches

    return get_close_matches(name, near, n=most, cutoff=cutoff)


def _alike(name: str, known: Iterable[str], cutoff: float) -> list[str]:
    """The names of which the characters that both have may be enough for a likeness of `cutoff`.

    Each character that only one has takes at least one place of it from what both can share.
    """
    mine, length, near = _characters(name), len(name), []
    for other in known:
        theirs, least = len(other), cutoff * (length + len(other)) / 2 - _ROUNDING
        if length >= least and theirs >= least:
            bits = _characters(other)
            if length - (mine & ~bits).bit_count() >= least and theirs - (bits & ~mine).bit_count() >= least:
                near.append(other)
    return near


@lru_cache(_MOST_KEPT)
def _characters(text: str) -> int:
    """A number with a bit for each of the first few times that a character is in a text; rare characters
    share theirs.
    """
    bits = 0
    for character in text:
        bit = 1 << (ord(character) & _CHARACTERS - 1)
        while bits & bit and bit < _LAST:
            bit <<= _CHARACTERS
        bits |= bit
    return bits
