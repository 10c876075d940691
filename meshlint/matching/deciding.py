"""Decide questions on string forms by automata, where plain rules do not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .affixes import Affixes
from .forms import Form, Meet, Not, Union
from .patterns import Pattern
from .regular.machines import AffixMachine, Machine
from .regular.search import find_member
from .threefold import every, opposite, some

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .regular.search import Judge


def member(form: Form) -> str | None:
    """Return a shortest text that the form holds; None when it holds none.

    Raises:
        TooComplex: when the budget is exceeded or a pattern is not decided here.
    """
    leaves: dict[Form, int] = {}
    judge = _judge(form, leaves)
    return find_member([_machine(leaf) for leaf in leaves], judge)


def _machine(leaf: Form) -> Machine:
    if isinstance(leaf, Pattern):
        return leaf.machine()
    if isinstance(leaf, Affixes):
        return AffixMachine(leaf)
    raise TypeError(f"{leaf!r} is no leaf")


def _judge(form: Form, leaves: dict[Form, int]) -> Judge:
    match form:
        case Not(part):
            inner = _judge(part, leaves)
            return lambda known: opposite(inner(known))
        case Meet(parts):
            judges = [_judge(part, leaves) for part in parts]
            return lambda known: every(judge(known) for judge in judges)
        case Union(parts):
            judges = [_judge(part, leaves) for part in parts]
            return lambda known: some(judge(known) for judge in judges)
        case _:
            return _leaf(leaves.setdefault(form, len(leaves)))


def _leaf(place: int) -> Judge:
    def judge(known: Sequence[bool | None]) -> bool | None:
        return known[place]

    return judge
