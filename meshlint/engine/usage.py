"""What is wrong with how meshlint was asked: options, selectors and configuration."""

from __future__ import annotations

from collections.abc import Iterable

from meshlint.values import frozen


@frozen(repr=False)
class Mistake:
    """One thing that the user wrote and meshlint does not understand, with what was probably meant."""

    message: str
    hint: str = ""
    file: str = ""
    line: int = 0

    def __str__(self) -> str:
        """`file:line: message. hint`."""
        place = f"{self.file}:{self.line}: " if self.line else f"{self.file}: " if self.file else ""
        return f"{place}{self.message}" + (f". {self.hint}" if self.hint else "")


@frozen(repr=False)
class Slip:
    """Something in a configuration that makes no sense, by the keys and indexes that lead to it."""

    path: tuple[str | int, ...]
    message: str
    hint: str = ""


_LONGEST_WORD = 100
"""No name is as long, and comparing takes the longer the longer the words."""


class UsageError(Exception):
    """The request cannot be carried out as written: exit code 2."""

    def __init__(self, *mistakes: Mistake) -> None:
        super().__init__("\n".join(str(mistake) for mistake in mistakes))
        self.mistakes = mistakes


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`Did you mean "x"?` for the known word that is nearest to `word`, or nothing."""
    from difflib import get_close_matches

    by_lower = {name.lower(): name for name in known} if len(word) <= _LONGEST_WORD else {}
    if not by_lower:
        return ""
    near = get_close_matches(word.lower(), by_lower, n=1, cutoff=0.6)
    return f'Did you mean "{by_lower[near[0]]}"?' if near else ""
