"""Turn the syntax of a pattern into positions: which character of the pattern may follow which.

This is Glushkov's construction: every character set of the pattern is a position, a set of positions is an
integer with one bit for each, and no step takes place without a character. The conditions of `^`, `$` and
`\\b` ride on the steps that pass them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from meshlint.values import frozen

from . import TooComplex
from .syntax import Chain, Chars, Choice, Look, Node, Place, Repeat

if TYPE_CHECKING:
    from collections.abc import Iterable

    from meshlint.matching.intervals import Intervals

MOST_POSITIONS = 4000
_MOST_PIECES = 20 * MOST_POSITIONS

Looks: TypeAlias = frozenset[Look]
# The positions that can be reached, for each set of conditions that must hold at the place passed.
Reach: TypeAlias = dict[Looks, int]

FREELY: Looks = frozenset()


@frozen
class Positions:
    """A pattern as positions; position 0 stands before the text.

    `follow[p]` is where a step may lead from p, `accept` where the text may end.
    """

    members: tuple[Intervals, ...]
    follow: tuple[Reach, ...]
    accept: Reach
    looks: bool


@frozen
class _Piece:
    """A part of the pattern: how it can be empty, and its first and last positions."""

    empty: frozenset[Looks]
    first: Reach
    last: Reach


_NOTHING = _Piece(frozenset(), {}, {})
_EMPTY = _Piece(frozenset((FREELY,)), {}, {})


def positions(node: Node) -> Positions:
    """Number the characters of a pattern and link them.

    Raises: TooComplex: when the pattern needs more than `MOST_POSITIONS` positions, counted repetitions
    written out.
    """
    linker = _Linker()
    piece = linker.piece(node)
    linker.follow[0] = piece.first
    accept = _joined(piece.last, dict.fromkeys(piece.empty, 1))
    looks = any(key for reach in (*linker.follow, accept) for key in reach)
    return Positions(tuple(linker.members), tuple(linker.follow), accept, looks)


class _Linker:
    def __init__(self) -> None:
        self.members: list[Intervals] = [()]
        self.follow: list[Reach] = [{}]
        self.pieces = 0

    def piece(self, node: Node) -> _Piece:
        self.pieces += 1
        if self.pieces > _MOST_PIECES:
            raise TooComplex("the pattern repeats too much through nested counts")
        match node:
            case Chars(members):
                return self._character(members)
            case Place(look):
                return _Piece(frozenset((frozenset((look,)),)), {}, {})
            case Chain(parts):
                return self._chained(self.piece(part) for part in parts)
            case Choice(parts):
                return self._offered(self.piece(part) for part in parts)
            case Repeat(part, low, high):
                return self._repeated(part, low, high)

    def _character(self, members: Intervals) -> _Piece:
        if not members:
            return _NOTHING
        if len(self.members) > MOST_POSITIONS:
            raise TooComplex(f"the pattern needs more than {MOST_POSITIONS} positions")
        here = {FREELY: 1 << len(self.members)}
        self.members.append(members)
        self.follow.append({})
        return _Piece(frozenset(), here, here)

    def _chained(self, pieces: Iterable[_Piece]) -> _Piece:
        whole = _EMPTY
        for piece in pieces:
            whole = self._pair(whole, piece)
        return whole

    def _pair(self, left: _Piece, right: _Piece) -> _Piece:
        self._link(left.last, right.first)
        return _Piece(
            frozenset(mine | theirs for mine in left.empty for theirs in right.empty),
            _joined(left.first, _through(left.empty, right.first)),
            _joined(right.last, _through(right.empty, left.last)),
        )

    def _offered(self, pieces: Iterable[_Piece]) -> _Piece:
        whole = _NOTHING
        for piece in pieces:
            whole = _Piece(
                whole.empty | piece.empty, _joined(whole.first, piece.first), _joined(whole.last, piece.last)
            )
        return whole

    def _repeated(self, part: Node, low: int, high: int | None) -> _Piece:
        if high is None:
            tail = self.piece(part)
            self._link(tail.last, tail.first)
            needed = max(low - 1, 0)
            tail = tail if low else _optional(tail)
        else:
            tail, needed = self._at_most(part, high - low), low
        return self._chained([*(self.piece(part) for _ in range(needed)), tail])

    def _at_most(self, part: Node, times: int) -> _Piece:
        """Write `x{0,3}` as `(x(x(x)?)?)?`, which needs few links."""
        tail = _EMPTY
        for _ in range(times):
            tail = _optional(self._pair(self.piece(part), tail))
        return tail

    def _link(self, last: Reach, first: Reach) -> None:
        for before, sources in last.items():
            for after, targets in first.items():
                looks = before | after
                for source in bits(sources):
                    reach = self.follow[source]
                    reach[looks] = reach.get(looks, 0) | targets


def bits(mask: int) -> Iterable[int]:
    """Return the places of the bits that are set, lowest first."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


def _optional(piece: _Piece) -> _Piece:
    return _Piece(piece.empty | {FREELY}, piece.first, piece.last)


def _joined(left: Reach, right: Reach) -> Reach:
    if not left or not right:
        return left or right
    return {looks: left.get(looks, 0) | right.get(looks, 0) for looks in {**left, **right}}


def _through(empty: frozenset[Looks], reach: Reach) -> Reach:
    """Reach past a part that can be empty, on its conditions."""
    passed: Reach = {}
    for way in empty:
        for looks, mask in reach.items():
            passed[way | looks] = passed.get(way | looks, 0) | mask
    return passed
