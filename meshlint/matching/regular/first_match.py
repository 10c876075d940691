"""Run a pattern as Rust's `find` does, and tell whether the match that it finds first is the whole text.

Of the matches that start first, that one is found whose choices come first: the earlier alternative, more
repetitions, or fewer of lazy ones. A pattern is compiled to instructions, and a state is the list of those
that a search has come to, the preferred ones in front; whatever comes after a match is given up
(Rust: the `regex` crate, leftmost-first; Linkerd's proxy asks whether the match found spans the text).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from meshlint.matching import intervals
from meshlint.values import frozen

from . import TooComplex
from .syntax import Chain, Chars, Choice, Look, Node, Place, Repeat

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from meshlint.matching.intervals import Intervals

_MOST_INSTRUCTIONS = 20_000
_MATCH = 0
State: TypeAlias = "tuple[tuple[int, ...], bool]"
"""The instructions to go on from, and whether no character has been read yet."""


@frozen
class _Take:
    """Take one character of a set, then go on."""

    members: Intervals
    then: int


@frozen
class _Stand:
    """Go on where the look holds."""

    look: Look
    then: int


@frozen
class _Fork:
    """Go on at any of these, the first one preferred."""

    ways: tuple[int, ...]


class FirstMatchMachine:
    """Accepts the texts that are as a whole the first match of a pattern."""

    def __init__(self, node: Node) -> None:
        compiler = _Compiler()
        self.start: State = ((compiler.code(node, _MATCH),), True)
        self._instructions = compiler.instructions
        self._sets = {one.members for one in self._instructions if isinstance(one, _Take)}

    def step(self, state: State, char: str) -> State:
        """Return the state after one more character."""
        taken: dict[int, None] = {}
        for place in self._reached(state, at_end=False):
            one = self._instructions[place]
            if isinstance(one, _Take) and intervals.contains(one.members, ord(char)):
                taken.setdefault(one.then)
        return tuple(taken), False

    def accepts(self, state: State) -> bool:
        """Tell whether the text read so far is a member."""
        return _MATCH in self._reached(state, at_end=True)

    def fate(self, state: State) -> bool | None:
        """Tell whether it is settled that none of the continuations are members."""
        return None if state[0] else False

    def kind(self, char: str) -> object:
        """Return which sets of the pattern hold the character."""
        code = ord(char)
        return frozenset(held for held in self._sets if intervals.contains(held, code))

    def charsets(self) -> Iterable[Intervals]:
        """Return the sets of characters that the machine tells apart."""
        return self._sets

    def _reached(self, state: State, *, at_end: bool) -> list[int]:
        """The characters that may be taken next, the preferred first, up to where a match is found."""
        places, at_start = state
        found: list[int] = []
        waiting, seen = list(reversed(places)), set[int]()
        while waiting:
            place = waiting.pop()
            if place in seen:
                continue
            seen.add(place)
            one = self._instructions[place]
            if isinstance(one, _Fork):
                waiting.extend(reversed(one.ways))
            elif isinstance(one, _Stand):
                if at_start if one.look is Look.START else at_end:
                    waiting.append(one.then)
            else:
                found.append(place)
                if place == _MATCH:
                    break
        return found


class _Compiler:
    """Writes instructions from the end of a pattern to its start, so that each knows where to go on."""

    def __init__(self) -> None:
        self.instructions: list[_Take | _Stand | _Fork] = [_Take((), _MATCH)]

    def code(self, node: Node, then: int) -> int:
        """Write a part of the pattern; return where it starts."""
        match node:
            case Chars(members):
                return self._write(_Take(members, then))
            case Place(look):
                return self._placed(look, then)
            case Chain(parts):
                for part in reversed(parts):
                    then = self.code(part, then)
                return then
            case Choice(parts):
                return self._write(_Fork(tuple(self.code(part, then) for part in parts)))
            case Repeat():
                return self._repeated(node, then)

    def _placed(self, look: Look, then: int) -> int:
        if look not in (Look.START, Look.END):
            raise TooComplex("a word boundary is not decided here")
        return self._write(_Stand(look, then))

    def _repeated(self, node: Repeat, then: int) -> int:
        if node.high is None:
            then = self._endless(node, then)
            needed = max(node.low - 1, 0)
        else:
            end, needed = then, node.low
            for _ in range(node.high - node.low):
                then = self._fork(self.code(node.part, then), end, lazy=node.lazy)
        for _ in range(needed):
            then = self.code(node.part, then)
        return then

    def _endless(self, node: Repeat, then: int) -> int:
        """Once or more, and with a fork before it none or more."""
        again = self._write(_Fork(()))
        first = self.code(node.part, again)
        self.instructions[again] = _Fork(_ordered(first, then, lazy=node.lazy))
        return first if node.low else self._fork(first, then, lazy=node.lazy)

    def _fork(self, on: int, past: int, *, lazy: bool) -> int:
        return self._write(_Fork(_ordered(on, past, lazy=lazy)))

    def _write(self, one: _Take | _Stand | _Fork) -> int:
        if len(self.instructions) > _MOST_INSTRUCTIONS:
            raise TooComplex(f"the pattern needs more than {_MOST_INSTRUCTIONS} instructions")
        self.instructions.append(one)
        return len(self.instructions) - 1


def _ordered(on: int, past: int, *, lazy: bool) -> tuple[int, ...]:
    return (past, on) if lazy else (on, past)


def is_first_match(node: Node) -> bool:
    """Tell whether whatever a pattern plainly matches as a whole is its first match, too.

    So it is where nothing is left to choose but how often the last part is repeated, the more the better.
    """
    parts: Sequence[Node] = node.parts if isinstance(node, Chain) else (node,)
    *before, last = parts or (Chain(()),)
    greedy = isinstance(last, Repeat) and not last.lazy and isinstance(last.part, Chars)
    return all(isinstance(part, Chars | Place) for part in before) and (
        greedy or isinstance(last, Chars | Place) or last == Chain(())
    )
