"""Search a combination of machines for the shortest text they agree on."""

from __future__ import annotations

from collections import deque
from itertools import repeat
from typing import TYPE_CHECKING, NoReturn, TypeAlias

from . import TooComplex, charsets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from .machines import Machine, State

# How many steps of the combined machine each of the two searches may cost: some tenths of a second.
MOST_STEPS = 15_000

# From what is known of each machine (True, False, or None for open) to what is known of their combination.
Judge: TypeAlias = "Callable[[Sequence[bool | None]], bool | None]"

_PLEASANT = (
    "abcdefghijklmnopqrstuvwxyz0123456789/-._ABCDEFGHIJKLMNOPQRSTUVWXYZ:*=&?@%+~!$'(),;#[]{}|<>^\"`\\ "
)


def find_member(machines: Sequence[Machine], judge: Judge, last: int) -> str | None:
    """Return a text that the judge accepts, if possible a short and plain one; None when there is none.

    Only characters up to the code `last` are tried, and no line feeds: texts are single lines.

    Raises:
        TooComplex: when neither a search in breadth nor one in depth ends within `MOST_STEPS` steps.
    """
    return _Search(machines, judge, alphabet(machines, last)).run()


def alphabet(machines: Sequence[Machine], last: int) -> list[str]:
    """Choose a character for each class of characters that the machines cannot tell apart, plainest first."""
    bounds = {0, charsets.LINE_FEED, charsets.LINE_FEED + 1, 0xE000}
    for machine in machines:
        for members in machine.charsets():
            for low, high in members:
                bounds.update((low, high + 1))
    candidates = (*_PLEASANT, *(chr(code) for code in sorted(bounds) if code <= last))
    chosen: dict[tuple[object, ...], str] = {}
    for char in candidates:
        if char != "\n" and not 0xD800 <= ord(char) <= 0xDFFF:
            chosen.setdefault(tuple(machine.kind(char) for machine in machines), char)
    return list(chosen.values())


class _Search:
    """A walk over combined states; a machine whose fate is settled is not run further."""

    def __init__(self, machines: Sequence[Machine], judge: Judge, letters: list[str]) -> None:
        self.machines = machines
        self.judge = judge
        self.letters = letters
        self.came: dict[tuple[State, ...], tuple[tuple[State, ...], str] | None] = {}
        self.queue: deque[tuple[State, ...]] = deque()

    def run(self, *, shortest_first: bool = True) -> str | None:
        """Search in breadth for a shortest member, then in depth for any; give up when both take too long."""
        self.came.clear()
        self.queue.clear()
        if self._enter(tuple(self._settled(m, m.start) for m in self.machines), None):
            return ""
        letters = self.letters if shortest_first else self.letters[::-1]
        rows: list[dict[State, list[State]]] = [{} for _ in self.machines]
        steps = 0
        while self.queue:
            state = self.queue.popleft() if shortest_first else self.queue.pop()
            for char, following in zip(letters, self._steps(state, letters, rows), strict=True):
                if following not in self.came and self._enter(following, (state, char)):
                    return self._text(following)
            steps += len(letters)
            if steps > MOST_STEPS:
                return self.run(shortest_first=False) if shortest_first else self._give_up()
        return None

    def _give_up(self) -> NoReturn:
        raise TooComplex(f"no answer within {2 * MOST_STEPS} steps")

    def _steps(
        self, state: tuple[State, ...], letters: list[str], rows: list[dict[State, list[State]]]
    ) -> Iterator[tuple[State, ...]]:
        """Where each letter leads; a machine is run once from each of its states, whatever the others do."""
        found: list[Iterable[State]] = []
        for machine, known, part in zip(self.machines, rows, state, strict=True):
            if isinstance(part, bool):
                found.append(repeat(part, len(letters)))
                continue
            if part not in known:
                known[part] = [self._settled(machine, machine.step(part, char)) for char in letters]
            found.append(known[part])
        return zip(*found, strict=True)

    def _enter(self, state: tuple[State, ...], origin: tuple[tuple[State, ...], str] | None) -> bool:
        """Note a new state; tell whether the text that leads to it is a member."""
        self.came[state] = origin
        if self.judge([part if isinstance(part, bool) else None for part in state]) is False:
            return False
        self.queue.append(state)
        return self.judge(list(self._accepted(state))) is True

    def _accepted(self, state: tuple[State, ...]) -> Iterable[bool]:
        pairs = zip(self.machines, state, strict=True)
        return (part if isinstance(part, bool) else machine.accepts(part) for machine, part in pairs)

    def _settled(self, machine: Machine, state: State) -> State:
        fate = machine.fate(state)
        return state if fate is None else fate

    def _text(self, state: tuple[State, ...]) -> str:
        chars: list[str] = []
        while (origin := self.came[state]) is not None:
            state, char = origin
            chars.append(char)
        return "".join(reversed(chars))
