"""Into which classes do several sets part all texts? The members of one class are alike to every set."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol, Self, TypeVar

from meshlint.values import frozen

from .addresses import AddressSet
from .affixes import Affixes
from .regular import TooComplex
from .strings import StringSet

_MOST = 512


class Parted(Protocol):
    """A set that others can be cut out of."""

    def intersection(self, other: Self, /) -> Self:
        """Hold what both hold."""

    def difference(self, other: Self, /) -> Self:
        """Hold what the other does not."""

    def is_empty(self) -> bool:
        """Tell whether nothing is held."""


Cut = TypeVar("Cut", bound=Parted)


@frozen
class TextClass:
    """Texts that are alike: `inside` are the places of the sets that hold them, of those that were given."""

    members: StringSet
    inside: frozenset[int]


@frozen
class AddressClass:
    """Addresses that are alike, as in `TextClass`."""

    members: AddressSet
    inside: frozenset[int]


def text_classes(within: StringSet, sets: Sequence[StringSet]) -> tuple[TextClass, ...]:
    """The classes into which `sets` part the texts of `within`; raises `TooComplex` for too many.

    Of texts that sets name one by one there is a class for each group of them that is held alike.
    """
    named = _named(sets)
    words = [word for word in named if within.admits(word)]
    by_sets: dict[frozenset[int], list[str]] = {}
    for word in words:
        inside = frozenset(place for place, one in enumerate(sets) if one.admits(word))
        by_sets.setdefault(inside, []).append(word)
    open_ended = [(place, one) for place, one in enumerate(sets) if not _is_finite(one)]
    rest = within.difference(StringSet.exact(*words)) if words else within
    found = [TextClass(StringSet.exact(*held), inside) for inside, held in by_sets.items()]
    found.extend(TextClass(members, inside) for members, inside in _parted(rest, open_ended))
    return tuple(found)


def address_classes(sets: Sequence[AddressSet]) -> tuple[AddressClass, ...]:
    """The classes into which `sets` part all addresses; raises `TooComplex` for too many."""
    return tuple(AddressClass(*one) for one in _parted(AddressSet.any(), list(enumerate(sets))))


def _parted(whole: Cut, sets: Iterable[tuple[int, Cut]]) -> list[tuple[Cut, frozenset[int]]]:
    parts: list[tuple[Cut, frozenset[int]]] = [] if whole.is_empty() else [(whole, frozenset())]
    for place, one in sets:
        cut = [
            piece
            for members, inside in parts
            for piece in (
                (members.intersection(one), inside | {place}),
                (members.difference(one), inside),
            )
        ]
        parts = [(members, inside) for members, inside in cut if not members.is_empty()]
        if len(parts) > _MOST:
            raise TooComplex
    return parts


def _named(sets: Iterable[StringSet]) -> list[str]:
    words = (word for one in sets if isinstance(one.form, Affixes) for word in one.form.words)
    return sorted(dict.fromkeys(words))


def _is_finite(one: StringSet) -> bool:
    return isinstance(one.form, Affixes) and one.form.is_finite() and not one.form.folded
