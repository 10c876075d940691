"""Classes of views: what they take, and that nothing changes them."""

from __future__ import annotations

from inspect import signature
from typing import Any, Generic, TypeVar

import pytest
from attrs.exceptions import FrozenInstanceError

from meshlint.resources.view_class import _FEW, field_names, view

Kind = TypeVar("Kind")


@view
class Base:
    """A base with a field."""

    name: str

    @property
    def shout(self) -> str:
        """The name, loudly."""
        return self.name.upper()


@view
class Port(Base):
    """A view with a default."""

    number: int
    protocol: str = "TCP"


@view
class Holder(Base, Generic[Kind]):
    """A view of any kind of thing."""

    held: Kind


@pytest.mark.parametrize(
    "made",
    [
        Port("web", 80),
        Port("web", 80, "TCP"),
        Port(name="web", number=80),
        Port("web", number=80, protocol="TCP"),
    ],
)
def test_fields_are_given_by_place_or_by_name(made: Port) -> None:
    assert (made.name, made.number, made.protocol, made.shout) == ("web", 80, "TCP", "WEB")


@pytest.mark.parametrize(
    ("places", "names"),
    [(("web",), {}), (("web", 80, "TCP", 1), {}), (("web", 80), {"name": "x"}), (("web", 80), {"other": 1})],
)
def test_what_does_not_fit_is_refused(places: tuple[Any, ...], names: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match="Port"):
        Port(*places, **names)


def test_the_same_is_taken_however_many_are_made() -> None:
    @view
    class Many(Base):
        number: int
        protocol: str = "TCP"

    for count in range(120):
        one = Many("web", number=count)
        assert (one.name, one.number, one.protocol, Many("a", 1, "UDP").protocol) == (
            "web",
            count,
            "TCP",
            "UDP",
        )
        with pytest.raises(TypeError, match="Many"):
            Many("web")  # type: ignore[call-arg]


def test_nothing_is_set_or_deleted_later() -> None:
    made: Any = Port("web", 80)
    with pytest.raises(FrozenInstanceError):
        made.number = 81
    with pytest.raises(FrozenInstanceError):
        del made.name
    assert not hasattr(made, "__dict__")


def test_views_are_compared_by_identity() -> None:
    one = Port("web", 80)
    assert one == one
    assert one != Port("web", 80)
    assert len({one, Port("web", 80)}) == 2


def test_fields_of_the_bases_come_first() -> None:
    assert field_names(Port) == ("name", "number", "protocol")
    assert field_names(Holder) == ("name", "held")
    assert field_names(dict) == ()
    assert Holder("a", 1).held == 1


def test_a_class_of_many_objects_is_filled_as_one_of_few() -> None:
    @view
    class Often(Base):
        """A view of which there are many."""

        number: int
        protocol: str = "TCP"

    first = Often.__init__
    made = [Often("web", number) for number in range(_FEW + 1)]
    assert Often.__init__ is not first
    made += [Often(name="web", number=7), Often("web", number=7, protocol="UDP"), Often("web", 7, "UDP")]
    assert [(one.name, one.number, one.protocol) for one in made] == [
        *(("web", number, "TCP") for number in range(_FEW + 1)),
        *(("web", 7, "TCP"), ("web", 7, "UDP"), ("web", 7, "UDP")),
    ]
    with pytest.raises(TypeError, match="Often"):
        Often("web")  # type: ignore[call-arg]
    assert [*signature(Often).parameters] == ["name", "number", "protocol"]
    with pytest.raises(FrozenInstanceError):
        made[-1].number = 8  # type: ignore[misc]


def test_classes_of_one_shape_keep_their_own_names() -> None:
    @view
    class Port(Base):
        """One of two that look alike."""

        number: int
        protocol: str = "TCP"

    @view
    class Mode(Base):
        """The other one."""

        rank: int
        mode: str = "STRICT"

    for _ in range(_FEW + 1):
        ports = [Port("web", 1), Port(name="web", number=2, protocol="UDP")]
        modes = [Mode("web", 1), Mode(name="api", rank=2, mode="DISABLE")]
        assert [(one.name, one.number, one.protocol) for one in ports] == [
            ("web", 1, "TCP"),
            ("web", 2, "UDP"),
        ]
        assert [(one.name, one.rank, one.mode) for one in modes] == [
            ("web", 1, "STRICT"),
            ("api", 2, "DISABLE"),
        ]
    with pytest.raises(TypeError, match=r"Mode.*rank"):
        Mode("web")  # type: ignore[call-arg]
    with pytest.raises(TypeError, match=r"Port.*mode"):
        Port("web", 1, mode="x")  # type: ignore[call-arg]
