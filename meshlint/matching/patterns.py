"""A pattern beyond plain affixes: a regular expression, a path template or a wildcard, with its automaton."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshlint.values import field, frozen

from .hulls import Hull, hull_of
from .regular import TooComplex
from .regular.octets import to_octets

if TYPE_CHECKING:
    from collections.abc import Callable

    from .regular.first_match import FirstMatchMachine
    from .regular.machines import Matcher, PatternMachine
    from .regular.syntax import Node


class _Lazy:
    """The automaton of a pattern, made when it is first needed."""

    __slots__ = ("hull", "machine", "matcher")

    def __init__(self) -> None:
        self.machine: PatternMachine | FirstMatchMachine | None = None
        self.matcher: Matcher | None = None
        self.hull: Hull | None = None


@frozen
class Pattern:
    """What a pattern admits as a whole text; patterns written alike in the same language are equal.

    `beyond` names what makes the pattern undecidable here, though it is sound; `shortcut` is an equal and
    faster test of membership. With `octets` the pattern is over bytes, else over characters. With `first`
    only texts are meant that are its first match as a whole.
    """

    language: str
    text: str
    node: Node = field(eq=False, repr=False)
    beyond: str | None = None
    octets: bool = True
    first: bool = False
    shortcut: Callable[[str], bool] | None = field(default=None, eq=False, repr=False)
    _lazy: _Lazy = field(factory=_Lazy, init=False, eq=False, repr=False)

    def admits(self, text: str) -> bool:
        """Tell whether the whole text fits the pattern.

        Raises:
            TooComplex: when the pattern is not decided here.
        """
        matcher = self._lazy.matcher or self._make_matcher()
        return matcher.admits(to_octets(text) if self.octets else text)

    def machine(self) -> PatternMachine | FirstMatchMachine:
        """Return the automaton of the pattern.

        Raises:
            TooComplex: when the pattern is not decided here, or too large.
        """
        from .regular.first_match import FirstMatchMachine
        from .regular.machines import PatternMachine
        from .regular.positions import positions

        if self.beyond is not None:
            raise TooComplex(f"{self.beyond} is not decided here")
        if self._lazy.machine is None:
            first = FirstMatchMachine(self.node) if self.first else None
            self._lazy.machine = first or PatternMachine(positions(self.node))
        return self._lazy.machine

    def hull(self) -> Hull:
        """Return how all texts of the pattern start and end."""
        if self._lazy.hull is None:
            self._lazy.hull = Hull("", "", inhabited=False) if self.beyond else hull_of(self.node)
        return self._lazy.hull

    def describe(self) -> str:
        """Name the pattern in plain words."""
        return f'{self.language} "{self.text}"'

    def _make_matcher(self) -> Matcher:
        from .regular.machines import Matcher

        self._lazy.matcher = Matcher(self.machine())
        return self._lazy.matcher
