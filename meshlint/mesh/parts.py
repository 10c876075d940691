"""What is made of parts of a mesh, kept for the meshes that have the same parts."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cached_property
from operator import is_
from typing import Any, Generic, Protocol, TypeVar, cast, overload

from meshlint.values import frozen

Part = TypeVar("Part")
Other = TypeVar("Other")
Index = dict[object, tuple[tuple[tuple[object, ...], Any], ...]]
"""By name, the parts that something was made of, each time with what was made."""


class IndexBeside(Index):
    """An index that has what another one has, and to which it gives nothing."""

    def __init__(self, other: Index) -> None:
        super().__init__()
        self._other = other

    def get(self, name: object, default: Any = None, /) -> Any:
        """What is known under a name."""
        return self[name] if name in self else self._other.get(name, default)


_MOST_ALIKE = 8
"""How many sets of parts are told apart: a question on a part of a set has fewer of some kinds."""


class Placed(Protocol):
    """A view of an object that lives in a namespace."""

    @property
    def namespace(self) -> str:
        """The namespace."""


View = TypeVar("View", bound=Placed)


@frozen(eq=False, slots=False, repr=False)
class Later(Generic[Part]):
    """A part that is put together when somebody asks for it, or when it has to be told from another."""

    make: Callable[[], Part]

    @cached_property
    def value(self) -> Part:
        """The part."""
        return self.make()


@frozen(eq=False, slots=False, repr=False)
class Places(Mapping[str, Part]):
    """What is made for each namespace, when somebody asks about that namespace."""

    homes: Callable[[], Collection[str]]
    """The namespaces of which any may have something."""
    make: Callable[[str], Part | None]
    """What is made for one; None where there is nothing."""

    @cached_property
    def _made(self) -> dict[str, Part | None]:
        return {}

    def __getitem__(self, place: str) -> Part:
        found = self.get(place)
        if found is None:
            raise KeyError(place)
        return found

    @overload
    def get(self, place: str, default: None = None, /) -> Part | None: ...
    @overload
    def get(self, place: str, default: Part | Other, /) -> Part | Other: ...
    def get(self, place: str, default: Any = None, /) -> Any:
        """What is made for a namespace: of all that is asked of this, the most frequent."""
        made = self._made
        found = made[place] if place in made else made.setdefault(place, self.make(place))
        return default if found is None else found

    def __iter__(self) -> Iterator[str]:
        return (place for place in self.homes() if place in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)


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


def picked(
    index: Index, asked: tuple[Callable[[View], bool], str], views: tuple[View, ...]
) -> tuple[View, ...]:
    """Those of some views in a namespace that have what is asked for: of those that were asked for it before,
    it is known.
    """
    has, known = asked[0], index.get(asked, ())
    if not known:
        return tuple(filter(has, views))
    (before,), few = known[-1]
    others, those = frozenset(cast("tuple[View, ...]", before)), frozenset(few)
    return tuple(one for one in views if one in those or (one not in others and has(one)))


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
    if isinstance(one, Later) or isinstance(other, Later):
        return _is_same(_value(one), _value(other))
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(is_, one, other))
    return False


def _value(part: object) -> object:
    return part.value if isinstance(part, Later) else part
