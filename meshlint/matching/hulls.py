"""What is plain about a pattern without its automaton: how all its texts start and end.

Most patterns that are put together have different starts, so most questions end here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshlint.values import frozen

from .affixes import ANYTHING, fold

if TYPE_CHECKING:
    from .affixes import Affixes
    from .regular.syntax import Node


@frozen
class Hull:
    """How every text of a pattern starts and ends, in ASCII, and whether it surely has a text."""

    head: str
    tail: str
    inhabited: bool


def hull_of(node: Node) -> Hull:
    """Read the hull off the syntax of a pattern."""
    from .regular import syntax

    head, tail = syntax.leading(node), syntax.leading(node, backwards=True)[::-1]
    return Hull(_ascii_start(head), _ascii_start(tail[::-1])[::-1], syntax.is_surely_inhabited(node))


def pattern_in_affixes(hull: Hull, plain: Affixes) -> bool | None:
    """Tell whether the affixes hold all of the pattern, where its hull settles it."""
    head, tail = (fold(hull.head), fold(hull.tail)) if plain.folded else (hull.head, hull.tail)
    if head.startswith(plain.prefixes) or tail.endswith(plain.suffixes) or (plain.nonempty and head + tail):
        return True
    return False if hull.inhabited and pattern_meets_affixes(hull, plain) is False else None


def affixes_in_pattern(plain: Affixes, hull: Hull) -> bool | None:
    """Tell whether the pattern holds all of the affixes, where its hull refutes it."""
    loose = (
        (hull.tail and plain.prefixes)
        or (hull.head and plain.suffixes)
        or (hull.head + hull.tail and plain.nonempty)
    )
    outside = any(not text.startswith(hull.head) for text in (*plain.prefixes, *plain.words))
    outside = outside or any(not text.endswith(hull.tail) for text in (*plain.suffixes, *plain.words))
    return False if (loose or outside) and not plain.folded else None


def pattern_meets_affixes(hull: Hull, plain: Affixes) -> bool | None:
    """Tell whether pattern and affixes hold a common text, where the hull settles it."""
    if plain == ANYTHING and hull.inhabited:
        return True
    head, tail = (fold(hull.head), fold(hull.tail)) if plain.folded else (hull.head, hull.tail)
    possible = (
        plain.nonempty
        or any(_agree(head, text) for text in plain.prefixes)
        or any(_agree(tail[::-1], text[::-1]) for text in plain.suffixes)
        or any(word.startswith(head) and word.endswith(tail) for word in plain.words)
    )
    return None if possible else False


def patterns_meet(left: Hull, right: Hull) -> bool | None:
    """Tell whether two patterns hold a common text, where their hulls refute it."""
    possible = _agree(left.head, right.head) and _agree(left.tail[::-1], right.tail[::-1])
    return None if possible else False


def pattern_in_pattern(left: Hull, right: Hull) -> bool | None:
    """Tell whether the right pattern holds all of the left one, where their hulls refute it."""
    return False if left.inhabited and patterns_meet(left, right) is False else None


def _agree(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _ascii_start(text: str) -> str:
    return next((text[:place] for place, char in enumerate(text) if not char.isascii()), text)
