"""What is asked of a mesh is worked out once for each thing that is asked about."""

from __future__ import annotations

from typing import Any

from meshlint.mesh import Mesh
from meshlint.mesh.remembered import kept, once_each, remembered
from meshlint.resources import Resource, ResourceSet
from tests.traffic.worlds import mesh as mesh_of
from tests.traffic.worlds import service


def _mesh() -> Mesh:
    return Mesh(ResourceSet(()))


def test_an_answer_is_given_again_for_what_is_equal() -> None:
    asked: list[Any] = []

    @remembered
    def question(_: Mesh, about: object) -> int | None:
        asked.append(about)
        return None

    mesh = _mesh()
    assert [question(mesh, ("a", "b")), question(mesh, ("a", "b")), question(mesh, "a")] == [None] * 3
    assert asked == [("a", "b"), "a"]
    question(_mesh(), "a")
    assert asked[2:] == ["a"]


def test_one_thing_is_not_taken_for_two() -> None:
    @remembered
    def question(_: Mesh, about: object, more: str = "") -> str:
        return f"{about} {more}"

    @remembered
    def of_many(_: Mesh, about: object, *more: str) -> str:
        return f"{about} {more}"

    mesh = _mesh()
    assert [question(mesh, ("a", "b")), question(mesh, "a", "b")] == ["('a', 'b') ", "a b"]
    assert question(mesh, "a", more="c") == "a c"
    assert [of_many(mesh, ("a", "b")), of_many(mesh, "a", "b")] == ["('a', 'b') ()", "a ('b',)"]


def test_what_is_kept_is_known_beside_other_objects() -> None:
    asked: list[str] = []

    @kept
    def question(_: Mesh, about: str) -> str:
        asked.append(about)
        return about.upper()

    mesh = _mesh()
    later = mesh.of(ResourceSet(()))
    assert (question(mesh, "a"), question(later, "a"), question(_mesh(), "a")) == ("A", "A", "A")
    assert asked == ["a", "a"]


def test_what_is_kept_does_not_grow_without_end() -> None:
    @kept
    def question(_: Mesh, about: int) -> int:
        return about

    mesh = _mesh()
    for number in range(2500):
        question(mesh, number)
    assert mesh.of(ResourceSet(())).kept is mesh.kept
    question(mesh, 2500)
    assert mesh.of(ResourceSet(())).kept == {}


def test_what_few_have_is_asked_again_where_something_changed() -> None:
    asked: list[str] = []

    def has(resource: Resource) -> bool:
        asked.append(resource.name)
        return resource.name.startswith("a")

    def names(mesh: Mesh) -> list[str]:
        return [one.name for one in mesh.picked(mesh.resources.resources, has)]

    mesh = mesh_of(service("a1", "one"), service("b", "one"), service("a2", "two"))
    assert (names(mesh), names(mesh), asked) == (["a1", "a2"], ["a1", "a2"], ["a1", "b", "a2"])
    (other,) = mesh_of(service("a3", "two")).resources.resources
    here = [one for one in mesh.resources.resources if one.namespace == "one"]
    assert (names(mesh.of(ResourceSet((*here, other)))), asked[3:]) == (["a1", "a3"], ["a3"])


def test_a_question_about_tuples_is_asked_once_for_the_very_same_one() -> None:
    asked: list[tuple[int, ...]] = []

    def total(numbers: tuple[int, ...]) -> int:
        asked.append(numbers)
        return sum(numbers)

    one, like_it = (tuple(range(1, 3)) for _ in range(2))
    once = once_each(total)
    assert [once(numbers) for numbers in (one, like_it, one)] == [3, 3, 3]
    assert len(asked) == 2
    assert [once((number, number)) for number in range(20)] == [2 * number for number in range(20)]
