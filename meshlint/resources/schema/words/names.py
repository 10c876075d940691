"""Which known name was probably meant?"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

FULL = 1000
CONTAINED = 400
SURE = 800
"""Two names that are this much alike are one and the same, misspelt."""


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that `name` most likely misspells, or None when none is near enough."""
    scored = [(likeness(name, other), other) for other in known]
    best = max(scored, default=(0, ""), key=lambda pair: (pair[0], pair[1]))
    return best[1] if best[0] > 0 else None


def likeness(name: str, other: str) -> int:
    """How alike two names are: 0 for unrelated names, more for nearer ones.

    Case, underscores and hyphens are how the same name is spelt elsewhere, so they count least; then come
    single slips of the keyboard, and last a name that holds the other.
    """
    if name == other:
        return FULL
    plain, wanted = _plain(name), _plain(other)
    if plain == wanted:
        return FULL - 1
    if abs(len(plain) - len(wanted)) <= _allowed(wanted):
        slips = distance(plain, wanted, _allowed(wanted))
        if slips <= _allowed(wanted):
            return FULL - 100 * slips + min(len(wanted), 50) - abs(len(name) - len(other))
    if min(len(plain), len(wanted)) >= 4 and (plain in wanted or wanted in plain):
        return CONTAINED - abs(len(plain) - len(wanted))
    return 0


def misspells(name: str, other: str, shortest: int = 4) -> bool:
    """Whether `name` surely is `other` with a slip of the keyboard: short names and numbers are no slips."""
    digits = [[letter for letter in one if letter.isdigit()] for one in (name, other)]
    long = min(len(name), len(other)) >= shortest
    return long and digits[0] == digits[1] and likeness(name, other) >= SURE


def are_near(left: str, right: str, most: int) -> bool:
    """Whether at most so many edits turn one string into the other."""
    return abs(len(left) - len(right)) <= most and distance(left, right, most) <= most


def distance(left: str, right: str, most: int) -> int:
    """The edits (insert, delete, replace, swap neighbours) that turn one string into the other, or more than
    `most` where it takes more.
    """
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, letter in enumerate(left, 1):
        older, before, row = before, row, [i]
        for j, wanted in enumerate(right, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == right[j - 2] and left[i - 2] == wanted:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        if min(row) > most and min(before) > most:
            return most + 1
    return row[-1]


def _plain(name: str) -> str:
    return name.replace("_", "").replace("-", "").casefold()


def _allowed(wanted: str) -> int:
    return 1 if len(wanted) < 6 else 2 if len(wanted) < 12 else 3
