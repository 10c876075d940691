"""Logic with three values: True, False, and None for what is not known."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def opposite(answer: bool | None) -> bool | None:
    """Negate what is known."""
    return None if answer is None else not answer


def every(answers: Iterable[bool | None]) -> bool | None:
    """Tell whether all answers are True; one False settles it."""
    whole: bool | None = True
    for answer in answers:
        if answer is False:
            return False
        if answer is None:
            whole = None
    return whole


def some(answers: Iterable[bool | None]) -> bool | None:
    """Tell whether any answer is True; one True settles it."""
    whole: bool | None = False
    for answer in answers:
        if answer is True:
            return True
        if answer is None:
            whole = None
    return whole
