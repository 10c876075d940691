"""What a pattern is made of once read: characters, chains, choices, repetitions, and places."""

from __future__ import annotations

from enum import Enum
from functools import reduce
from itertools import product
from string import ascii_letters, digits, punctuation
from typing import TYPE_CHECKING, TypeAlias

from meshlint.matching.affixes import common_start
from meshlint.matching.intervals import contains
from meshlint.values import frozen

from . import charsets

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from meshlint.matching.intervals import Intervals


class Look(Enum):
    """A condition on the place between two characters; it takes no character itself."""

    START = "start of text"
    END = "end of text"
    EDGE = "word boundary"
    NO_EDGE = "no word boundary"


@frozen
class Chars:
    """One character out of a set; of an empty set, nothing ever."""

    members: Intervals


@frozen
class Chain:
    """All parts, one after the other; without parts, the empty text."""

    parts: tuple[Node, ...]


@frozen
class Choice:
    """Any one of the parts."""

    parts: tuple[Node, ...]


@frozen
class Repeat:
    """The part at least `low` and at most `high` times; `high` of None is without bound.

    A `lazy` one prefers fewer times, which matters only where it is asked which match is found.
    """

    part: Node
    low: int
    high: int | None
    lazy: bool = False


@frozen
class Place:
    """The empty text, where the look holds."""

    look: Look


Node: TypeAlias = "Chars | Chain | Choice | Repeat | Place"

_PLAIN = (*ascii_letters, *digits, *punctuation)
EMPTY = Chain(())
NEVER = Chars(())
ANY_TEXT = Repeat(Chars(charsets.EVERY), 0, None)
# Texts are single lines, so a dot that leaves out the line feed admits every character, too.
_DOTS = (charsets.EVERY, charsets.negate(charsets.of("\n")))


def literal(text: str) -> Node:
    """Admit just this text."""
    return chain([Chars(charsets.of(char)) for char in text])


def chain(parts: Sequence[Node]) -> Node:
    """Put parts one after the other, without nesting a chain in a chain."""
    flat = [inner for part in parts for inner in (part.parts if isinstance(part, Chain) else (part,))]
    return flat[0] if len(flat) == 1 else Chain(tuple(flat))


def choice(parts: Sequence[Node]) -> Node:
    """Offer the parts, without nesting a choice in a choice."""
    flat = [inner for part in parts for inner in (part.parts if isinstance(part, Choice) else (part,))]
    return flat[0] if len(flat) == 1 else Choice(tuple(flat))


def leading(node: Node, *, backwards: bool = False) -> str:
    """Return the text with which everything the node admits starts, or, read backwards, ends in reverse."""
    return _leading(node, backwards)[0]


def is_surely_inhabited(node: Node) -> bool:
    """Tell whether the node plainly admits some text: no place could fail, no character set is empty."""
    match node:
        case Chars(members):
            return bool(members)
        case Chain(parts):
            return all(map(is_surely_inhabited, parts))
        case Choice(parts):
            return any(map(is_surely_inhabited, parts))
        case Repeat(part, low):
            return low == 0 or is_surely_inhabited(part)
        case _:
            return False


def specimen(node: Node) -> str | None:
    """Return a text that the node admits, where one is plain to see."""
    match node:
        case Chars(members):
            return next((char for char in _PLAIN if contains(members, ord(char))), None)
        case Chain(parts):
            texts = [specimen(part) for part in parts]
            return None if None in texts else "".join(filter(None, texts))
        case Choice(parts):
            return next((text for part in parts if (text := specimen(part)) is not None), None)
        case Repeat(part, low):
            text = specimen(part) if low else ""
            return None if text is None else text * low
        case _:
            return None


def _leading(node: Node, backwards: bool) -> tuple[str, bool]:
    """Return the leading text, and whether it is all that the node admits."""
    match node:
        case Chars(((low, high),)) if low == high:
            return chr(low), True
        case Place():
            return "", True
        case Chain(parts):
            return _leading_of_chain(parts[::-1] if backwards else parts, backwards)
        case Choice(parts):
            return reduce(common_start, [_leading(part, backwards)[0] for part in parts]), False
        case Repeat(part, low) if low > 0:
            return _leading(part, backwards)[0], False
        case _:
            return "", False


def _leading_of_chain(parts: Sequence[Node], backwards: bool) -> tuple[str, bool]:
    found = ""
    for part in parts:
        text, whole = _leading(part, backwards)
        found += text
        if not whole:
            return found, False
    return found, True


def is_any_text(node: Node) -> bool:
    """Tell whether the node is plainly `.*`."""
    return _repeats_dot(node, 0)


def is_any_nonempty(node: Node) -> bool:
    """Tell whether the node is plainly `.+`."""
    return _repeats_dot(node, 1)


def words(node: Node, limit: int) -> frozenset[str] | None:
    """List all texts that the node admits when they are plainly no more than the limit; None otherwise."""
    match node:
        case Chars(members):
            size = sum(high - low + 1 for low, high in members)
            if size > limit:
                return None
            return frozenset(chr(code) for low, high in members for code in range(low, high + 1))
        case Chain(parts):
            return _joined([words(part, limit) for part in parts], limit)
        case Choice(parts):
            return _gathered([words(part, limit) for part in parts], limit)
        case Repeat(part, low, high) if high is not None and high <= limit:
            found = words(part, limit)
            runs = [_joined([found] * times, limit) for times in range(low, high + 1)]
            return _gathered(runs, limit)
        case _:
            return None


def _joined(found: list[frozenset[str] | None], limit: int) -> frozenset[str] | None:
    known = [some for some in found if some is not None]
    count = 1
    for some in known:
        count *= len(some)
        if count > limit:
            return None
    return frozenset(map("".join, product(*known))) if len(known) == len(found) else None


def _gathered(found: Iterable[frozenset[str] | None], limit: int) -> frozenset[str] | None:
    known: set[str] = set()
    for some in found:
        if some is None or len(known) + len(some) > limit:
            return None
        known |= some
    return frozenset(known)


def _repeats_dot(node: Node, low: int) -> bool:
    match node:
        case Repeat(Chars(members), least, None):
            return least == low and members in _DOTS
        case _:
            return False
