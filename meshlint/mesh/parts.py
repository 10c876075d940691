"""What is made of parts of a mesh, kept for the meshes that have the same parts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from operator import is_
from typing import Any, Protocol, TypeVar, cast

Part = TypeVar("Part")
Index = dict[object, tuple[tuple[tuple[object, ...], Any], ...]]
"""By name, the parts that something was made of, each time with what was made."""

_MOST_ALIKE = 8
"""How many sets of parts are told apart: a question on a part of a set has fewer of some kinds."""


class Placed(Protocol):
    """A view of an object that lives in a namespace."""

    @property
    def namespace(self) -> str:
        """The namespace."""


View = TypeVar("View", bound=Placed)


def made_of(index: Index, name: object, make: Callable[[], Part], *parts: object) -> Part:
    """What is made of `parts` under a name: once for the same ones, of which the last asked for are kept."""
    known = index.get(name, ())
    for one in reversed(known):
        if all(map(_is_same, one[0], parts)):
            if one is not known[-1]:
                index[name] = (*(other for other in known if other is not one), one)
            return cast("Part", one[1])
    made = make()
    index[name] = (*index.get(name, ())[1 - _MOST_ALIKE :], (parts, made))
    return made


def of_places(
    index: Index, made: Callable[[tuple[View, ...]], Part], views: tuple[View, ...]
) -> dict[str, Part]:
    """What is made of the views of each namespace: an edit of one leaves those of the others."""
    return {
        place: made_of(index, (made, place), partial(made, those), those)
        for place, those in by_place(views).items()
    }


def by_place(held: Iterable[View]) -> dict[str, tuple[View, ...]]:
    """What lives in each namespace, in its order."""
    return by_name((one.namespace, one) for one in held)


def by_name(pairs: Iterable[tuple[str, Part]]) -> dict[str, tuple[Part, ...]]:
    """What there is of each name, in its order."""
    found: dict[str, list[Part]] = {}
    for name, one in pairs:
        found.setdefault(name, []).append(one)
    return {name: tuple(those) for name, those in found.items()}


def _is_same(one: object, other: object) -> bool:
    """Whether two parts are the same, or tuples of the same views."""
    if one is other:
        return True
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(is_, one, other))
    return False
