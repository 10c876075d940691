"""Decide questions on string forms by automata, where plain rules do not."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from .affixes import Affixes
from .forms import Form, Meet, Not, Union
from .patterns import Pattern
from .regular import TooComplex
from .regular.charsets import LAST_CODE
from .regular.machines import AffixMachine, Machine
from .regular.octets import LAST_OCTET, from_octets, to_octets
from .regular.search import find_member
from .threefold import every, opposite, some

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .regular.search import Judge


_MOST_KEPT: Final = 4096
"""How many forms' answers are kept: the same values are asked about by several rules, and in many objects."""


def member(form: Form) -> str | None:
    """Return a text that the form holds, if possible a short and plain one; None when it holds none.

    Raises: TooComplex: when the budget is exceeded, or a pattern is not decided here, or when patterns over
    bytes and over characters are put together, which no mesh does.
    """
    found = _decided(form)
    if isinstance(found, TooComplex):
        raise TooComplex(*found.args)
    return found


@lru_cache(_MOST_KEPT)
def _decided(form: Form) -> str | TooComplex | None:
    """What is known of a form for good: the search for a member may take some tenths of a second."""
    try:
        return _searched(form)
    except TooComplex as error:
        return TooComplex(*error.args)


def _searched(form: Form) -> str | None:
    leaves: dict[Form, int] = {}
    judge = _judge(form, leaves)
    kinds = {leaf.octets for leaf in leaves if isinstance(leaf, Pattern)} or {True}
    if len(kinds) > 1:
        raise TooComplex("patterns over bytes and over characters are not compared")
    octets = kinds == {True}
    machines = [_machine(leaf, octets=octets) for leaf in leaves]
    found = find_member(machines, judge, LAST_OCTET if octets else LAST_CODE)
    return from_octets(found) if found is not None and octets else found


def _machine(leaf: Form, *, octets: bool) -> Machine:
    if isinstance(leaf, Pattern):
        return leaf.machine()
    if isinstance(leaf, Affixes):
        return AffixMachine(_as_octets(leaf) if octets else leaf)
    raise TypeError(f"{leaf!r} is no leaf")


def _as_octets(plain: Affixes) -> Affixes:
    texts = (plain.words, plain.prefixes, plain.suffixes)
    words, prefixes, suffixes = (map(to_octets, part) for part in texts)
    return Affixes(frozenset(words), prefixes, suffixes, plain.nonempty, plain.folded)


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
