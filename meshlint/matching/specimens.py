"""Some texts of a string set, told without a search: most questions on two sets are settled by one."""

from __future__ import annotations

from heapq import nsmallest
from itertools import chain
from typing import TYPE_CHECKING, Final

from .affixes import Affixes
from .forms import Form, Meet, Not, Union, describe, matcher
from .patterns import Pattern
from .regular import TooComplex, syntax

if TYPE_CHECKING:
    from collections.abc import Iterable

_FEW: Final = 4
"""How many parts of a set are looked at, and how many texts of each."""


def specimens(form: Form) -> tuple[str, ...]:
    """Return some texts that the form holds; none where none are plain to see."""
    match form:
        case Affixes():
            listed = nsmallest(_FEW, form.words)
            return (*listed, *form.prefixes[:_FEW], *form.suffixes[:_FEW], *("a" if form.nonempty else ""))
        case Pattern():
            text = None if form.beyond or form.first else syntax.specimen(form.node)
            return () if text is None else (text,)
        case Union(parts):
            return tuple(chain.from_iterable(map(specimens, nsmallest(_FEW, parts, key=describe))))
        case Meet():
            return _of_all(form)
        case Not():
            return ()


def _of_all(form: Meet) -> tuple[str, ...]:
    """Return those texts of the parts that all of them hold."""
    some = chain.from_iterable(map(specimens, nsmallest(_FEW, form.parts, key=describe)))
    try:
        return tuple(filter(matcher(form), some))
    except TooComplex:
        return ()


def joined(some: Iterable[str], others: Iterable[str]) -> tuple[str, ...]:
    """Return what may be in two sets at once: texts of both in a row, as identities and paths are made."""
    pairs = [(one, other) for one in some for other in others]
    return tuple(chain.from_iterable((f"{one}/{other}", f"{other}/{one}") for one, other in pairs))
