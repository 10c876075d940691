"""The parts of a request that somebody asks for, each with one value for every class that is told apart."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import product
from math import prod

from meshlint.matching import AddressSet, StringSet, TooComplex
from meshlint.matching.affixes import Affixes
from meshlint.matching.classes import AddressClass, TextClass, address_classes, text_classes
from meshlint.values import field, frozen

_MOST_WIDENED = 1024
"""Of more cells than these no widest boxes are sought."""
_MOST_WORDS = 8
"""Of more values than these the others are counted."""
ABSENT = None
"""Stands for a part that a request does not have."""

Labelled = tuple[StringSet | AddressSet, str]
"""A set that somebody asks for, with its name in words."""


@frozen
class Choice:
    """A class of values of a part, by one of them: `inside` are the places of the sets that hold it."""

    value: str | None
    inside: frozenset[int]
    words: str
    only: frozenset[str] | None = None
    """All values of the class, where they are listed."""


@frozen
class Part:
    """One part of a request, such as `method` or `header x-user`, and the choices that make a difference."""

    name: str
    choices: tuple[Choice, ...]
    sets: tuple[Labelled, ...] = ()
    """The sets that are asked for, with their names."""

    def place_of(self, value: str | None) -> int | None:
        """The place of the choice that stands for a value; None where no request can have it."""
        if value is None:
            return next((at for at, one in enumerate(self.choices) if one.value is ABSENT), None)
        inside = frozenset(at for at, (held, _) in enumerate(self.sets) if held.admits(value))
        present = (at for at, one in enumerate(self.choices) if one.value is not ABSENT)
        return next((at for at in present if self.choices[at].inside == inside), None)

    def describe(self, chosen: frozenset[int]) -> str | None:
        """The choices of these places in few words; None where they are all of them."""
        if len(chosen) == len(self.choices):
            return None
        for place, (_, words) in enumerate(self.sets):
            holding = {at for at, one in enumerate(self.choices) if place in one.inside}
            if chosen == holding:
                return words
            if chosen | holding == set(range(len(self.choices))) and not chosen & holding:
                return f"not ({words})" if " or " in words else f"not {words}"
        told = list(dict.fromkeys(self.choices[at].words for at in sorted(chosen)))
        more = [f"{len(told) - _MOST_WORDS} more"] if len(told) > _MOST_WORDS else []
        return " or ".join([*told[:_MOST_WORDS], *more])


Cell = tuple[int, ...]
"""One choice for each part, by place."""
Box = tuple[frozenset[int], ...]
"""Some choices for each part, in any combination."""


@frozen
class Asked:
    """What is asked of requests: sets of values by the part that they are about, each with its name."""

    texts: Mapping[str, tuple[Labelled, ...]] = field(factory=dict)

    @classmethod
    def of(cls, demands: Iterable[tuple[str, StringSet | AddressSet, str]]) -> Asked:
        """Collect demands, each for a part; equal ones count once."""
        found: dict[str, dict[StringSet | AddressSet, str]] = {}
        for part, held, words in demands:
            found.setdefault(part, {}).setdefault(held, words)
        return cls({part: tuple(held.items()) for part, held in sorted(found.items())})


@frozen
class Kind:
    """How values of a part look: among which they are, and whether a request may lack it."""

    within: StringSet
    may_be_absent: bool = False
    plain: StringSet | None = None
    """Where a value is looked for first, so that it reads well."""
    fits: Callable[[str], bool] | None = None
    """Whether a value is one that arrives as it is written."""


def parts_of(asked: Asked, kind_of: Callable[[str], Kind]) -> tuple[Part, ...]:
    """The parts with their choices; raises `TooComplex` where these are too many, or not to be found out."""
    return tuple(_part(name, kind_of(name), held) for name, held in asked.texts.items())


def _part(name: str, kind: Kind, held: Sequence[Labelled]) -> Part:
    texts = [one for one, _ in held if isinstance(one, StringSet)]
    addresses = [one for one, _ in held if isinstance(one, AddressSet)]
    found: list[Choice] = []
    if addresses:
        found = [_address(one) for one in address_classes(addresses)]
    elif texts:
        found = [choice for one in text_classes(kind.within, texts) for choice in _text(one, kind)]
    if kind.may_be_absent:
        found.append(Choice(ABSENT, frozenset(), f"no {name}"))
    return Part(name, tuple(found), tuple(held))


def _address(one: AddressClass) -> Choice:
    return Choice(one.members.example(), one.inside, one.members.describe())


def _text(one: TextClass, kind: Kind) -> Iterator[Choice]:
    value = _example(one.members, kind)
    if value is not None:
        form = one.members.form
        listed = form.words if isinstance(form, Affixes) and form.is_finite() else None
        yield Choice(value, one.inside, one.members.describe(), listed)


def _example(members: StringSet, kind: Kind) -> str | None:
    """A member that can be sent, a plain one if there is any."""
    tried = [members] if kind.plain is None else [members & kind.plain, members]
    for one in tried:
        value = one.example()
        if value is not None and (kind.fits is None or kind.fits(value)):
            return value
    return None


def values_of(parts: Sequence[Part], cell: Cell) -> dict[str, str | None]:
    """The value of each part in a cell, by the part's name."""
    return {part.name: part.choices[at].value for part, at in zip(parts, cell, strict=True)}


def cells(parts: Sequence[Part], most: int) -> Iterator[Cell]:
    """Every combination of choices; raises `TooComplex` where there are more than `most`."""
    if prod(len(part.choices) for part in parts) > most:
        raise TooComplex
    return product(*(range(len(part.choices)) for part in parts))


def boxes(found: Iterable[Cell]) -> tuple[Box, ...]:
    """The same cells in few boxes, as wide as they may be; some may overlap."""
    wanted = set(found)
    parted = _parted(wanted)
    return parted if len(wanted) > _MOST_WIDENED else _cover(wanted, parted)


def _parted(wanted: Iterable[Cell]) -> tuple[Box, ...]:
    """The cells in boxes, none of which overlap."""
    held: set[Box] = {tuple(frozenset((at,)) for at in cell) for cell in wanted}
    size = -1
    while len(held) != size:
        size = len(held)
        for place in range(len(next(iter(held), ()))):
            held = _merged(held, place)
    return tuple(sorted(held, key=lambda box: [sorted(chosen) for chosen in box]))


def _cover(wanted: set[Cell], parted: Iterable[Box]) -> tuple[Box, ...]:
    """Boxes that hold the cells and no others: the widest first, and none that the others make needless."""
    choices = [frozenset(cell[place] for cell in wanted) for place in range(len(next(iter(wanted), ())))]
    wide = sorted({_widened(box, wanted, choices) for box in parted}, key=_by_width)
    left, kept = set(wanted), []
    for box in wide:
        held = left.intersection(product(*box))
        if held:
            kept.append(box)
            left -= held
    return tuple(kept)


def _by_width(box: Box) -> tuple[int, list[list[int]]]:
    return -prod(map(len, box)), [sorted(chosen) for chosen in box]


def _widened(box: Box, wanted: set[Cell], choices: Sequence[frozenset[int]]) -> Box:
    for place, possible in enumerate(choices):
        for choice in sorted(possible - box[place]):
            more = product(*box[:place], (choice,), *box[place + 1 :])
            if all(cell in wanted for cell in more):
                box = (*box[:place], box[place] | {choice}, *box[place + 1 :])
    return box


def _merged(held: Iterable[Box], place: int) -> set[Box]:
    """Boxes that differ at one place alone are one box."""
    found: dict[Box, frozenset[int]] = {}
    for box in held:
        rest = (*box[:place], *box[place + 1 :])
        found[rest] = found.get(rest, frozenset()) | box[place]
    return {(*rest[:place], chosen, *rest[place:]) for rest, chosen in found.items()}


def in_words(parts: Sequence[Part], box: Box) -> str:
    """The requests of a box: `method "GET", path prefix "/admin"`; empty where it is all of them."""
    told = ((part.name, part.describe(chosen)) for part, chosen in zip(parts, box, strict=True))
    return ", ".join(
        words if words.startswith(f"no {name}") else f"{name} {words}" for name, words in told if words
    )
