"""Sets of characters as intervals of code points, with the named classes of regular expressions."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from meshlint.matching import intervals

if TYPE_CHECKING:
    from collections.abc import Iterable

    from meshlint.matching.intervals import Intervals

LAST_CODE = 0x10FFFF
LINE_FEED = 0x0A
EVERY: Intervals = ((0, LAST_CODE),)

DIGIT: Intervals = ((0x30, 0x39),)
SPACE: Intervals = ((0x09, 0x0A), (0x0C, 0x0D), (0x20, 0x20))
WORD: Intervals = ((0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A))

POSIX: dict[str, Intervals] = {
    "alnum": ((0x30, 0x39), (0x41, 0x5A), (0x61, 0x7A)),
    "alpha": ((0x41, 0x5A), (0x61, 0x7A)),
    "ascii": ((0x00, 0x7F),),
    "blank": ((0x09, 0x09), (0x20, 0x20)),
    "cntrl": ((0x00, 0x1F), (0x7F, 0x7F)),
    "digit": DIGIT,
    "graph": ((0x21, 0x7E),),
    "lower": ((0x61, 0x7A),),
    "print": ((0x20, 0x7E),),
    "punct": ((0x21, 0x2F), (0x3A, 0x40), (0x5B, 0x60), (0x7B, 0x7E)),
    "space": ((0x09, 0x0D), (0x20, 0x20)),
    "upper": ((0x41, 0x5A),),
    "word": WORD,
    "xdigit": ((0x30, 0x39), (0x41, 0x46), (0x61, 0x66)),
}

# The last letter with another case lies below this code, so the table of cases need not look further.
_LAST_CASED = 0x1E944
# Turkish dotted and dotless i change case only by locale; no case folding joins them to the plain letter.
_UNFOLDED = frozenset((0x130, 0x131))


def of(characters: Iterable[str]) -> Intervals:
    """Hold these characters."""
    return intervals.normalise((ord(char), ord(char)) for char in characters)


def negate(chars: Intervals) -> Intervals:
    """Hold every other character."""
    return intervals.complement(chars, 0, LAST_CODE)


def is_word(char: str) -> bool:
    """Tell whether RE2's word boundary counts the character as part of a word (ASCII only)."""
    return char == "_" or (char.isascii() and char.isalnum())


def fold_case(chars: Intervals) -> Intervals:
    """Add every character that differs from a held one in case alone, by Unicode's simple folding."""
    found: list[tuple[int, int]] = list(chars)
    for code, others in _cases().items():
        if intervals.contains(chars, code):
            found.extend((other, other) for other in others)
    return intervals.normalise(found)


@cache
def _cases() -> dict[int, frozenset[int]]:
    """Map each letter that has cases to all its cases, itself included."""
    groups: dict[int, set[int]] = {}
    for code in range(_LAST_CASED):
        char = chr(code)
        others = {ord(other) for other in (char.lower(), char.upper()) if len(other) == 1}
        if len(others | {code}) > 1 and not _UNFOLDED & (others | {code}):
            merged = {code}.union(*(groups.get(other, {other}) for other in (code, *others)))
            groups.update(dict.fromkeys(merged, merged))
    return {code: frozenset(group) for code, group in groups.items()}
