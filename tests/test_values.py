"""Classes that attrs makes late are those that it makes at once, in all that can be seen of them."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import attrs
import pytest
from attrs.exceptions import FrozenInstanceError

from meshlint import values


def _family(frozen: Any) -> tuple[type, type, type]:
    """A class, one that inherits from it, and one of attrs' own that does."""

    @frozen(order=True)
    class Base:
        number: int
        _hidden: str = "h"
        made: dict[str, int] = attrs.field(factory=dict, eq=False, repr=False)

        @cached_property
        def double(self) -> int:
            return self.number * 2

    @frozen(eq=False, repr=False)
    class Heir(Base):
        more: int = 3

        @classmethod
        def of(cls, number: int) -> Any:
            return cls(number=number)  # type: ignore[call-arg]

    @attrs.frozen
    class Other(Base):
        more: str = "m"

    return Base, Heir, Other


def _seen(frozen: Any) -> list[Any]:
    base, heir, other = _family(frozen)
    one, two, three = heir.of(1), base(2, hidden="x"), other(3)  # type: ignore[attr-defined]
    seen: list[Any] = [
        one.more,
        one.double,
        repr(two),
        repr(three),
        two < base(3),
        hash(two) == hash(base(2, "x")),
    ]
    seen += [two == base(2, "x"), one == heir(1), repr(attrs.evolve(two, number=9)), attrs.asdict(three)]
    seen += [[field.name for field in attrs.fields(cls)] for cls in (base, heir, other)]
    return [*seen, *(vars(cls)["__match_args__"] for cls in (base, heir))]


def test_late_classes_are_those_of_attrs() -> None:
    assert _seen(values.frozen) == _seen(attrs.frozen)


def test_a_class_is_made_with_its_first_object() -> None:
    @values.frozen
    class Alone:
        number: int

    assert "__eq__" not in Alone.__dict__
    Alone(1)
    assert "__eq__" in Alone.__dict__


def test_fields_are_known_before_there_is_an_object() -> None:
    _, heir, _ = _family(values.frozen)
    assert [field.name for field in attrs.fields(heir)] == ["number", "_hidden", "made", "more"]


def test_nothing_changes_later() -> None:
    base, heir, _ = _family(values.frozen)
    for made in (base(1), heir(1)):
        with pytest.raises(FrozenInstanceError):
            made.number = 2


def test_wrong_values_are_refused_as_attrs_does() -> None:
    base, _, _ = _family(values.frozen)
    with pytest.raises(TypeError, match="number"):
        base()
    with pytest.raises(TypeError, match="nothing"):
        base(1, nothing=2)
