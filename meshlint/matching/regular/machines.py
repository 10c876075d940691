"""Automata that read a text character by character: for patterns, and for words, prefixes and suffixes."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from meshlint.matching import intervals

from . import charsets
from .positions import FREELY, Looks, Positions, Reach, bits
from .syntax import Look

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from meshlint.matching.affixes import Affixes
    from meshlint.matching.intervals import Intervals

State: TypeAlias = Any

_MOST_REMEMBERED = 20_000
_TEXT: Intervals = charsets.negate(((charsets.LINE_FEED, charsets.LINE_FEED),))
_BOUND, _WORD, _OTHER = 0, 1, 2


class Machine(Protocol):
    """An automaton whose states are hashable values.

    `fate` is True where every continuation (none, too) is accepted, False where none is, and None otherwise.
    `kind` is equal for characters that no state tells apart, and `charsets` bounds the ranges of equal kind.
    """

    start: State

    def step(self, state: State, char: str) -> State:
        """Return the state after one more character."""

    def accepts(self, state: State) -> bool:
        """Tell whether the text read so far is a member."""

    def fate(self, state: State) -> bool | None:
        """Tell whether it is settled that all, or none, of the continuations are members."""

    def kind(self, char: str) -> object:
        """Return what the machine sees of a character."""

    def charsets(self) -> Iterable[Intervals]:
        """Return the sets of characters that the machine tells apart."""


class PatternMachine:
    """Runs a pattern; a state is the positions just taken (as bits) and the kind of the last character."""

    def __init__(self, pattern: Positions) -> None:
        self._pattern = pattern
        self.start: tuple[int, int] = (1, _BOUND)
        self._kinds: dict[str, int] = {}
        self._steps: dict[tuple[tuple[int, int], str], tuple[int, int]] = {}
        self._sets = _positions_of_sets(pattern.members)
        self._universal = _universal(pattern)

    def step(self, state: tuple[int, int], char: str) -> tuple[int, int]:
        """Return the state after one more character."""
        known = self._steps.get((state, char))
        if known is None:
            if len(self._steps) > _MOST_REMEMBERED:
                self._steps.clear()
            known = self._steps[state, char] = self._taken(state, char)
        return known

    def _taken(self, state: tuple[int, int], char: str) -> tuple[int, int]:
        mask, before = state
        after = self._side(char)
        reached, follow = 0, self._pattern.follow
        for position in bits(mask):
            reached |= _reached(follow[position], before, after)
        return reached & self._admitting(char), after

    def accepts(self, state: tuple[int, int]) -> bool:
        """Tell whether the text read so far is a member."""
        return bool(state[0] & _reached(self._pattern.accept, state[1], _BOUND))

    def fate(self, state: tuple[int, int]) -> bool | None:
        """Tell whether it is settled that all, or none, of the continuations are members."""
        return None if state[0] and not state[0] & self._universal else bool(state[0])

    def kind(self, char: str) -> object:
        """Return which positions admit the character, and on which side of a word boundary it stands."""
        return self._admitting(char), self._side(char)

    def charsets(self) -> Iterable[Intervals]:
        """Return the sets of characters that the machine tells apart."""
        return {*self._sets, charsets.WORD} if self._pattern.looks else self._sets

    def _side(self, char: str) -> int:
        if not self._pattern.looks:
            return _BOUND
        return _WORD if charsets.is_word(char) else _OTHER

    def _admitting(self, char: str) -> int:
        found = self._kinds.get(char)
        if found is None:
            code = ord(char)
            found = sum(mask for held, mask in self._sets.items() if intervals.contains(held, code))
            if len(self._kinds) > _MOST_REMEMBERED:
                self._kinds.clear()
            self._kinds[char] = found
        return found


class AffixMachine:
    """Runs plain affixes; a state is the range of words and prefixes begun, and the suffix begun.

    With `folded`, ASCII letters count in any case, and the texts hold them in lower case.
    """

    _ALL = (-1, 0, 0, "")

    def __init__(self, affixes: Affixes) -> None:
        self._affixes = affixes
        self._prefixes = frozenset(affixes.prefixes)
        self._heads = sorted((*affixes.words, *self._prefixes))
        self._suffixes = affixes.suffixes
        self._folded = affixes.folded
        self._known = frozenset("".join((*self._heads, *self._suffixes)))
        self.start: tuple[int, int, int, str] = self._entered(0, len(self._heads), 0, "")

    def step(self, state: tuple[int, int, int, str], char: str) -> tuple[int, int, int, str]:
        """Return the state after one more character."""
        low, high, depth, tail = state
        if low < 0 or self._affixes.nonempty:
            return self._ALL
        char = self._fold(char)
        if low < high:
            at = _character_at(depth)
            high = bisect_right(self._heads, char, low, high, key=at)
            low = bisect_left(self._heads, char, low, high, key=at)
        return self._entered(low, high, depth + 1, self._begun(tail + char) if self._suffixes else "")

    def _begun(self, tail: str) -> str:
        """The longest end of a text that a suffix begins with."""
        if tail[-1] not in self._known:
            return ""
        while tail and not self._begins_suffix(tail):
            tail = tail[1:]
        return tail

    def accepts(self, state: tuple[int, int, int, str]) -> bool:
        """Tell whether the text read so far is a member."""
        low, high, depth, tail = state
        return low < 0 or (low < high and len(self._heads[low]) == depth) or tail.endswith(self._suffixes)

    def fate(self, state: tuple[int, int, int, str]) -> bool | None:
        """Tell whether it is settled that all, or none, of the continuations are members."""
        if state[0] < 0:
            return True
        going_on = state[0] < state[1] or self._suffixes or self._affixes.nonempty
        return None if going_on else False

    def kind(self, char: str) -> object:
        """Return the character as the machine reads it, if any text holds it."""
        char = self._fold(char)
        return char if char in self._known else ""

    def charsets(self) -> Iterable[Intervals]:
        """Return the sets of characters that the machine tells apart."""
        known = self._known | {char.upper() for char in self._known if char.isascii()}
        return [((ord(char), ord(char)),) for char in (known if self._folded else self._known)]

    def _entered(self, low: int, high: int, depth: int, tail: str) -> tuple[int, int, int, str]:
        if low < high and len(self._heads[low]) == depth and self._heads[low] in self._prefixes:
            return self._ALL
        return (low, high, depth, tail) if low < high else (0, 0, 0, tail)

    def _begins_suffix(self, tail: str) -> bool:
        place = bisect_left(self._suffixes, tail)
        return place < len(self._suffixes) and self._suffixes[place].startswith(tail)

    def _fold(self, char: str) -> str:
        return char.lower() if self._folded and char.isascii() else char


class Matcher:
    """Answers membership by a machine, remembering the steps it has seen; what it remembers is bounded."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._reset()

    def _reset(self) -> None:
        self._rows: dict[State, _Row] = {}
        self._edges = 0
        self._start = self._row(self._machine.start)

    def admits(self, text: str) -> bool:
        """Tell whether the text is a member, in time linear in its length."""
        row = self._start
        for char in text:
            found = row.steps.get(char)
            row = found if found is not None else self._grow(row, char)
            if row.settled is not None:
                return row.settled
        return row.accepts

    def _grow(self, row: _Row, char: str) -> _Row:
        state = self._machine.step(row.state, char)
        if self._edges > _MOST_REMEMBERED:
            self._reset()
            return self._row(state)
        self._edges += 1
        found = row.steps[char] = self._row(state)
        return found

    def _row(self, state: State) -> _Row:
        found = self._rows.get(state)
        if found is None:
            found = self._rows[state] = _Row(state, self._machine)
        return found


class _Row:
    __slots__ = ("accepts", "settled", "state", "steps")

    def __init__(self, state: State, machine: Machine) -> None:
        self.state = state
        self.steps: dict[str, _Row] = {}
        self.accepts = machine.accepts(state)
        self.settled = machine.fate(state)


def _positions_of_sets(members: Iterable[Intervals]) -> dict[Intervals, int]:
    found: dict[Intervals, int] = {}
    for place, held in enumerate(members):
        found[held] = found.get(held, 0) | 1 << place
    return found


def _reached(reach: Reach, before: int, after: int) -> int:
    found = 0
    for looks, mask in reach.items():
        if not looks or _all_hold(looks, before, after):
            found |= mask
    return found


def _all_hold(looks: Looks, before: int, after: int) -> bool:
    edge = (before == _WORD) != (after == _WORD)
    holds = {Look.START: before == _BOUND, Look.END: after == _BOUND, Look.EDGE: edge, Look.NO_EDGE: not edge}
    return all(holds[look] for look in looks)


def _universal(pattern: Positions) -> int:
    """Find the positions from which every continuation is accepted: they lead into a last `.*`."""
    accept = pattern.accept.get(FREELY, 0)
    loops = 0
    for position in bits(accept & ~1):
        anything = intervals.is_subset(_TEXT, pattern.members[position])
        if anything and pattern.follow[position].get(FREELY, 0) >> position & 1:
            loops |= 1 << position
    before = (position for position in bits(accept) if pattern.follow[position].get(FREELY, 0) & loops)
    return loops | sum(1 << position for position in before)


def _character_at(depth: int) -> Callable[[str], str]:
    return lambda text: text[depth : depth + 1]
