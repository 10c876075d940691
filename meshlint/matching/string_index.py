"""Find which of many string sets meet or cover another one, without comparing it with all of them."""

from __future__ import annotations

from bisect import bisect_left
from functools import partial, reduce
from typing import TYPE_CHECKING, Generic, TypeVar

from .affixes import Affixes, common_start
from .forms import Form, Meet, Not, Union
from .patterns import Pattern
from .strings import StringSet, known

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Item = TypeVar("Item")

_LAST = chr(0x10FFFF)


class StringIndex(Generic[Item]):
    """Many items under string sets, asked which of them meet or cover a set.

    Sets are filed under the text with which all their members start, so a question only compares sets that
    start alike. Answers keep the order in which the items were given.
    """

    def __init__(self, held: Iterable[tuple[StringSet, Item]]) -> None:
        self._entries = list(held)
        self._filed: dict[str, list[int]] = {}
        for place, (strings, _) in enumerate(self._entries):
            self._filed.setdefault(leading_text(strings), []).append(place)
        self._leads = sorted(self._filed)
        self._lengths = sorted({len(lead) for lead in self._leads})

    def covering(self, strings: StringSet) -> tuple[Item, ...]:
        """Return the items whose set holds all of this one; one too complex to tell is left out."""
        return tuple(item for held, item in self._alike(strings) if known(partial(strings.is_subset, held)))

    def overlapping(self, strings: StringSet) -> tuple[Item, ...]:
        """Return the items whose set shares a text with this one; one too complex to tell is among them."""
        pairs = self._alike(strings)
        return tuple(item for held, item in pairs if known(partial(strings.overlaps, held)) is not False)

    def _alike(self, strings: StringSet) -> list[tuple[StringSet, Item]]:
        if known(strings.is_empty):
            return self._entries
        lead = leading_text(strings)
        places = (place for name in self._agreeing(lead) for place in self._filed[name])
        return [self._entries[place] for place in sorted(places)]

    def _agreeing(self, lead: str) -> Iterator[str]:
        for length in self._lengths:
            if length < len(lead) and lead[:length] in self._filed:
                yield lead[:length]
        yield from self._leads[bisect_left(self._leads, lead) : bisect_left(self._leads, lead + _LAST)]


def leading_text(strings: StringSet) -> str:
    """Return a text with which all members start; the empty text where none is plain."""
    return _lead(strings.form)


def _lead(form: Form) -> str:
    match form:
        case Affixes():
            return _lead_of_affixes(form)
        case Pattern():
            return form.hull().head
        case Not():
            return ""
        case Meet(parts):
            return max(map(_lead, parts), key=len)
        case Union(parts):
            return reduce(common_start, map(_lead, parts))


def _lead_of_affixes(plain: Affixes) -> str:
    texts = (*plain.words, *plain.prefixes)
    if plain.suffixes or plain.nonempty or plain.folded or not texts:
        return ""
    return common_start(min(texts), max(texts))
