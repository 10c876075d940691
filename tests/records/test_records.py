"""Classes of values: told apart from those of attrs by nothing but when their methods are written."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from functools import cached_property
from operator import eq, lt
from typing import Any, ClassVar

import attrs
import pytest
from attrs.exceptions import FrozenInstanceError

from meshlint import records
from meshlint.records import attribute, copies, making

Shape = Callable[[Any, Any], type]


def _plain(frozen: Any, field: Any) -> type:
    @frozen
    class Plain:
        number: int
        _hidden: str
        words: tuple[str, ...] = ()
        made: dict[str, int] = field(factory=dict, eq=False)
        shared: ClassVar[int] = 3

    return Plain


def _converted(frozen: Any, field: Any) -> type:
    @frozen(order=True)
    class Converted:
        number: int = field(default=3, converter=int)
        _hidden: str = field(default="x", repr=False, order=False)
        words: list[int] = field(init=False, eq=False)

        @words.default  # type: ignore[attr-defined, untyped-decorator]
        def _count(self) -> list[int]:
            return list(range(self.number))

    return Converted


def _inheriting(frozen: Any, field: Any) -> type:
    base = _plain(frozen, field)

    @frozen
    class Inheriting(base):  # type: ignore[misc, valid-type]
        number: int = 9
        more: str = "m"

        def super_hash(self) -> bool:
            return bool(super().__hash__() is not None and __class__)  # type: ignore[name-defined]

    return Inheriting


def _with_dict(frozen: Any, field: Any) -> type:
    @frozen(slots=False)
    class WithDict:
        number: int
        _hidden: str = "h"
        words: tuple[str, ...] = field(default=(), repr=False)

        @cached_property
        def double(self) -> int:
            return self.number * 2

        def __attrs_post_init__(self) -> None:
            self.__dict__["after"] = True

    return WithDict


def _with_own_methods(frozen: Any, _field: Any) -> type:
    @frozen
    class Own:
        number: int
        _hidden: str = "h"

        def __eq__(self, other: object) -> bool:
            return True

        def __hash__(self) -> int:
            return 1

        def __repr__(self) -> str:
            return "own"

    return Own


def _with_memory(frozen: Any, field: Any) -> type:
    @frozen
    class WithMemory:
        number: int
        _hidden: str = "h"
        words: tuple[str, ...] = field(default=(), repr=False)

        @cached_property
        def double(self) -> int:
            return self.number * 2

    return WithMemory


def _by_name(frozen: Any, _field: Any) -> type:
    @frozen(kw_only=True)
    class ByName:
        number: int = 1
        _hidden: str

    return ByName


SHAPES = [_plain, _converted, _inheriting, _with_dict, _with_memory, _with_own_methods, _by_name]
CALLS: list[tuple[tuple[Any, ...], dict[str, Any]]] = [
    ((), {}),
    ((1,), {}),
    ((1, "a"), {}),
    ((2, "a"), {}),
    ((1, "a", ("b",)), {}),
    ((1,), {"hidden": "a"}),
    ((), {"number": 1, "hidden": "a"}),
    ((1,), {"_hidden": "a"}),
    ((1, "a"), {"number": 2}),
    ((1, "a", (), {}, 5, 6), {}),
]
OURS: tuple[Any, Any] = (making.frozen, attribute.field)
THEIRS: tuple[Any, Any] = (attrs.frozen, attrs.field)


def _told(make: Callable[..., Any], *given: Any, **named: Any) -> Any:
    try:
        return make(*given, **named)
    except Exception as error:
        return type(error)


def _behaviour(shape: Shape, kit: tuple[Any, Any]) -> list[Any]:
    """All that can be seen of values of one shape without looking how they are made."""
    cls = shape(*kit)
    values = [_told(cls, *given, **named) for given, named in CALLS]
    made = [one for one in values if not isinstance(one, type)]
    seen: list[Any] = [one if isinstance(one, type) else repr(one) for one in values]
    seen += [_told(compare, one, other) for one in made for other in made for compare in (eq, lt)]
    seen += [_told(_is_hashed_by_value, one) for one in made]
    seen += [_told(setattr, one, "number", 1) for one in made]
    seen += [_told(delattr, one, "number") for one in made]
    seen += [getattr(one, name, None) for one in made for name in ("double", "after", "words", "_hidden")]
    seen += [repr(copy.deepcopy(one)) for one in made]
    seen += [repr(attrs.evolve(one, hidden="z")) for one in made]
    seen += [attrs.asdict(one) for one in made]
    return [*seen, getattr(cls, "__match_args__", None), cls.__name__]


def _is_hashed_by_value(one: Any) -> bool:
    return hash(one) == hash(copy.copy(one))


@pytest.mark.parametrize("shape", SHAPES)
def test_values_are_what_attrs_would_have_made(shape: Shape) -> None:
    assert _behaviour(shape, OURS) == _behaviour(shape, THEIRS)


@pytest.mark.parametrize("shape", SHAPES)
def test_copies_are_those_of_attrs(shape: Shape) -> None:
    cls = shape(*OURS)
    one = cls(number=1, hidden="a")
    assert repr(copies.evolve(one, hidden="z")) == repr(attrs.evolve(one, hidden="z"))
    assert copies.asdict(one) == attrs.asdict(one)


def test_methods_are_written_when_they_are_called() -> None:
    cls = _plain(*OURS)
    unwritten = cls.__dict__["__init__"]
    one = cls(1, "a")
    assert cls.__dict__["__init__"] is not unwritten
    late = cls.__dict__["__eq__"]
    assert one == cls(1, "a")
    assert cls.__dict__["__eq__"] is not late


def test_nothing_that_has_slots_has_a_dict() -> None:
    assert not hasattr(_inheriting(*OURS)(1, "a"), "__dict__")


def test_a_super_class_is_found_from_the_class_that_was_made() -> None:
    assert _inheriting(*OURS)(1, "a").super_hash()


def test_what_may_change_is_set_and_has_no_hash() -> None:
    @making.define
    class Loose:
        words: list[str] = attribute.field(factory=list)

    one, other = Loose(), Loose()
    one.words.append("a")
    other.words = ["a"]
    assert one == other
    with pytest.raises(TypeError):
        hash(one)


@records.frozen
class Kept:
    """Something to write into a file."""

    number: int
    words: tuple[str, ...] = ()


def test_values_are_pickled() -> None:
    assert pickle.loads(pickle.dumps(Kept(1, ("a",)))) == Kept(1, ("a",))


def test_frozen_is_what_attrs_calls_so() -> None:
    one: Any = Kept(1)
    with pytest.raises(FrozenInstanceError):
        one.number = 2


def test_fields_of_what_has_none() -> None:
    with pytest.raises(TypeError, match="dict"):
        attribute.fields(dict)
