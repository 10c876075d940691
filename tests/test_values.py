"""Classes that attrs makes late are those that it makes at once, in all that can be seen of them."""

from __future__ import annotations

import copy
import pickle
import re
from functools import cached_property
from gc import get_referents
from inspect import signature
from typing import Any, ClassVar, NamedTuple

import attrs
import pytest
from attrs.exceptions import FrozenInstanceError

from meshlint import values


def _family(frozen: Any, field: Any = attrs.field) -> tuple[type, type, type]:
    """A class, one that inherits from it, and one of attrs' own that does."""

    @frozen(order=True)
    class Base:
        number: int
        _hidden: str = "h"
        made: dict[str, int] = field(factory=dict, eq=False, repr=False)

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


def _seen(frozen: Any, field: Any = attrs.field) -> list[Any]:
    base, heir, other = _family(frozen, field)
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


@pytest.mark.parametrize("field", [values.field, attrs.field])
def test_classes_are_those_of_attrs(field: Any) -> None:
    assert _seen(values.frozen, field) == _seen(attrs.frozen)


def _rare(room: Any, made_by: Any) -> Any:
    field = room.field

    @made_by
    class Rare:
        word: str = field(converter=str.lower)
        hidden: int = field(default=4, repr=False, eq=False)
        length: Any = field(init=False)
        listed: list[int] = field(factory=list, eq=False)
        shared: ClassVar[int] = 1

        @length.default  # type: ignore[untyped-decorator]
        def _count(self) -> int:
            return len(self.word)

    return Rare


def _seen_of(made: Any) -> list[Any]:
    objects = [made("A"), made(word="A", hidden=5), made("Bc", listed=[1])]
    seen: list[Any] = [repr(one) for one in objects]
    seen += [[one == other for other in objects] for one in objects]
    seen += [objects[0].listed is not objects[1].listed, made.__match_args__]
    none: tuple[Any, ...] = ()
    for wrong in (none, ("a", 1, [], 2)):
        with pytest.raises(TypeError):
            made(*wrong)
    return [*seen, [field.name for field in attrs.fields(made)]]


@pytest.mark.parametrize("name", ["frozen", "define"])
def test_rare_fields_are_those_of_attrs(name: str) -> None:
    mine, theirs = (_rare(room, getattr(room, name)) for room in (values, attrs))
    assert _seen_of(mine) == _seen_of(theirs)
    assert [made.__hash__ is not None for made in (mine, theirs)] == [name == "frozen"] * 2


def test_what_is_frozen_has_a_hash_and_what_is_defined_can_change() -> None:
    for made in (_rare(values, values.frozen), _rare(values, values.frozen(cache_hash=True))):
        one = made("a")
        assert hash(one) == hash(one) == hash(made("A")) == hash(made("A", 3))
    changed = _rare(values, values.define)("a")
    changed.word = "b"
    assert changed.word == "b"


@values.frozen
class Kept:
    """One that can be looked up, for pickles."""

    number: int
    value: str = "t"


def test_objects_can_be_copied_and_kept() -> None:
    one = Kept(1, value="x")
    for same in (pickle.loads(pickle.dumps(one)), copy.copy(one), copy.deepcopy(one)):
        assert same == one
        assert same is not one
    assert repr(values.evolve(one, number=2, value="x")) == "Kept(number=2, value='x')"
    assert values.evolve(one) == attrs.evolve(one) == one


@values.frozen
class First:
    """One that is read from a pickle before any was made."""

    number: int


def test_what_is_read_from_a_pickle_is_like_what_is_made() -> None:
    first = object.__new__(First)
    first.__setstate__({"number": 1})  # type: ignore[attr-defined]
    assert first == First(1)
    assert hash(first) == hash(First(1))


def test_what_attrs_calls_after_making_is_called() -> None:
    @values.frozen
    class Checked:
        number: int = values.field(default=1)
        doubled: int = 0

        def __attrs_post_init__(self) -> None:
            object.__setattr__(self, "doubled", self.number * 2)

    assert [Checked().doubled, Checked(4).doubled] == [2, 8]
    assert values.evolve(Checked(4), number=5).doubled == 10


def _is_made(made: type) -> bool:
    return isinstance(vars(made)["__attrs_attrs__"], tuple)


def _lower(text: str) -> str:
    return text.lower()


def _alone() -> Any:
    @values.frozen
    class Alone:
        number: int
        word: str = values.field(default="W", converter=_lower)
        listed: list[int] = values.field(factory=list, eq=False)
        unseen: int = values.field(default=4, init=False)

    return Alone


def test_a_class_is_made_when_more_is_asked_of_it_than_values() -> None:
    alone = _alone()
    few = [alone(1), alone(number=1), alone(2, "X", [3]), values.evolve(alone(1), number=2)]
    assert [(one.number, one.word, one.listed, one.unseen) for one in few] == [
        (1, "w", [], 4),
        (1, "w", [], 4),
        (2, "x", [3], 4),
        (2, "w", [], 4),
    ]
    assert few[0].listed is not few[1].listed
    assert [few.index(one) for one in few] == [0, 0, 2, 3]
    assert len({*few, copy.copy(few[0])}) == 3
    match few[2]:
        case alone(number, word):
            assert (number, word) == (2, "x")
    assert not _is_made(alone)
    assert repr(few[0]) == "Alone(number=1, word='w', listed=[], unseen=4)"
    assert _is_made(alone)


def test_nothing_changes_before_a_class_is_made() -> None:
    one = _alone()(1)
    with pytest.raises(FrozenInstanceError):
        one.number = 2
    with pytest.raises(FrozenInstanceError):
        del one.number
    assert one.number == 1


def test_objects_are_alike_when_many_are_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(values, "_FEW", 3)
    for alone in (_alone(), _rare(values, values.frozen), _rare(values, values.frozen(cache_hash=True))):
        early = [alone("1"), alone("2")]
        seen = {one: place for place, one in enumerate(early)}
        late = [alone("1"), alone("2"), alone("3")]
        assert [seen.get(one) for one in (*late, *early)] == [0, 1, None, 0, 1]
        assert [one == other for one in early for other in late] == [True, False, False, False, True, False]


def test_a_class_takes_the_same_however_many_objects_are_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(values, "_FEW", 1)
    alone = _alone()
    for _ in range(3):
        one, other = alone(1), alone(number=1, word="X", listed=[2])
        assert (one.number, one.word, one.listed, one.unseen) == (1, "w", [], 4)
        assert (other.word, other.listed, alone(2).listed is one.listed) == ("x", [2], False)
        with pytest.raises(TypeError, match="number"):
            alone()
        with pytest.raises(TypeError):
            alone(1, "w", [], 4)
    assert [*signature(alone).parameters] == ["number", "word", "listed"]
    assert not _is_made(alone)


@pytest.mark.parametrize("few", [1, 100])
def test_objects_have_no_dictionary_until_it_is_asked_for(few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(values, "_FEW", few)
    alone = _alone()
    made = [alone(1), alone(2, "v"), alone(3)]
    assert hash(made[0]) == hash(alone(1))
    assert not any(isinstance(held, dict) for one in made for held in get_referents(one))
    assert any(isinstance(held, dict) for held in get_referents(made[0], vars(made[0])))


def test_what_is_made_once_lies_beside_the_fields_of_any_object() -> None:
    @values.frozen(eq=False)
    class Asking:
        number: int

        @values.once
        def double(self) -> int:
            """Twice the number."""
            return self.number * 2

        @values.once
        def half(self) -> float:
            """Half of the number."""
            return self.number / 2

    made = [Asking(number) for number in range(100)]
    assert [(one.half, one.double) for one in made[:2]] == [(0, 0), (0.5, 2)]
    assert (made[99].double, made[99].half, made[99].double) == (198, 49.5, 198)
    assert not any(isinstance(held, dict) for one in made for held in get_referents(one))


def test_a_field_that_has_to_be_given_comes_first() -> None:
    @values.frozen
    class Wrong:
        word: str = "w"
        number: int  # type: ignore[misc]

    with pytest.raises(ValueError, match="number"):
        Wrong("w", 1)


def test_an_heir_of_a_class_that_is_not_made_is_like_its_base() -> None:
    _, heir, _ = _family(values.frozen, values.field)
    early: Any = heir(1)
    assert early == heir(1)
    assert hash(early) == hash(heir(1, "h"))
    assert early < heir(2)
    assert early == heir(1)
    assert (early != heir(2), hash(early) == hash(heir(1))) == (True, True)
    with pytest.raises(FrozenInstanceError):
        early.number = 2


def test_a_kept_hash_is_not_taken_along() -> None:
    @values.frozen(cache_hash=True)
    class Hashed:
        number: int

    one = Hashed(1)
    hash(one)
    assert len(vars(one)) == 2
    assert vars(copy.copy(one)) == {"number": 1}


def test_an_expression_is_compiled_when_it_is_asked() -> None:
    late: Any = values.regex("a(?P<more>b+)", re.IGNORECASE)
    assert "match" not in vars(late)
    assert late.fullmatch("ABB")["more"] == "BB"
    assert (late.sub("-", "xab"), late.pattern, late.groups) == ("x-", "a(?P<more>b+)", 1)
    with pytest.raises(re.error):
        values.regex("(").match("")


def test_fields_are_known_before_there_is_an_object() -> None:
    _, heir, _ = _family(values.frozen)
    assert [field.name for field in attrs.fields(heir)] == ["number", "_hidden", "made", "more"]


def test_nothing_changes_later() -> None:
    for field in (values.field, attrs.field):
        base, heir, _ = _family(values.frozen, field)
        for made in (base(1), heir(1)):
            with pytest.raises(FrozenInstanceError):
                made.number = 2


def test_wrong_values_are_refused_as_attrs_does() -> None:
    for field in (values.field, attrs.field):
        base, _, _ = _family(values.frozen, field)
        with pytest.raises(TypeError, match="number"):
            base()
        with pytest.raises(TypeError, match="nothing"):
            base(1, nothing=2)
        with pytest.raises(TypeError, match="number"):
            base(1, number=2)


def test_what_is_made_once_is_kept_with_its_object() -> None:
    made: list[int] = []

    class Asked:
        @values.once
        def answer(self) -> int:
            """What is asked for."""
            made.append(1)
            return len(made)

    asked = Asked()
    assert (asked.answer, asked.answer, Asked().answer) == (1, 1, 2)
    assert Asked.answer.__doc__ == "What is asked for."


class Row(values.NamedTuple):
    """A row."""

    number: int
    words: tuple[str, ...] = ()

    @property
    def twice(self) -> int:
        return self.number * 2


class TypingRow(NamedTuple):
    """A row."""

    number: int
    words: tuple[str, ...] = ()

    @property
    def twice(self) -> int:
        return self.number * 2


def test_named_tuples_are_those_of_typing() -> None:
    ours, theirs = Row(3), TypingRow(3)
    assert (tuple(ours), *theirs) == ((3, ()), 3, ())
    assert repr(ours) == repr(theirs).removeprefix("Typing")
    assert (ours.twice, ours._replace(words=("a",)).words) == (6, ("a",))
    assert (Row._fields, Row._field_defaults, Row.__doc__) == (
        TypingRow._fields,
        TypingRow._field_defaults,
        "A row.",
    )
    assert pickle.loads(pickle.dumps(ours)) == ours
    assert type(copy.copy(ours)) is Row
    with pytest.raises(TypeError):
        Row()  # type: ignore[call-arg]
