"""Rules in several processes find what they find in one."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from meshlint import processes
from meshlint.checks.hit import Hit, Related, Spot
from meshlint.checks.hygiene import documents
from meshlint.checks.mending import Fix, Replace
from meshlint.checks.world import World
from meshlint.documents import Document, Field, Span
from meshlint.engine import parted
from meshlint.engine.parted import found_by_all, known_of
from meshlint.engine.plan import Plan
from meshlint.engine.raised import Raised
from meshlint.engine.run import CRASHED, Left, Worlds, run
from meshlint.processes import Tasks
from meshlint.values import evolve
from tests.engine.worlds import OBJECT, input_of, plan, rule

pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")

HERE = os.getpid()
FILES = {"a.yaml": OBJECT, "b.yaml": OBJECT.replace("cart", "till"), "c.yaml": "a: b\n"}


def say(world: World, parameters: Mapping[str, Any]) -> Iterator[Hit]:
    one, other = world.resources.resources
    at = one.at("spec", "type")
    more = (Related(other.at("metadata", "name"), "this one"), Related(other.at("spec", "gone"), "and that"))
    yield Hit(at, f"{one} says so", resource=one, related=more, hint="Change it.", about=other.name)
    yield Hit(at, "It says so", fix=Fix("replace it", (Replace(at, other.name),)), on_key=True, in_doubt=True)
    yield Hit(Spot("c.yaml", Span.at(1, 1)), "A place")


def crash(world: World, parameters: Mapping[str, Any]) -> Iterator[Hit]:
    yield Hit(Spot("a.yaml", Span.at(1, 1)), "before the crash")
    raise KeyError("x")


def killed(world: World, parameters: Mapping[str, Any]) -> Iterator[Hit]:
    if os.getpid() != HERE:
        os.kill(os.getpid(), signal.SIGKILL)
    yield from say(world, parameters)


def its_own(world: World, parameters: Mapping[str, Any]) -> Iterator[Hit]:
    """Speaks of a document that was made by the check itself."""
    field = world.resources.resources[0].field
    document = evolve(field.document, index=7)
    yield Hit(Field(document, ("spec",), field.value["spec"]), "Its own")


def other_value(world: World, parameters: Mapping[str, Any]) -> Iterator[Hit]:
    document = world.resources.resources[0].document
    yield Hit(Field(document, ("spec",), {"another": 1}), "Another value")


CHECKS = (say, crash, killed, its_own, other_value)
RULES = (
    *(
        rule(f"MTLS00{number}", f"says-{number}", f"hygiene.documents.{one.__name__}")
        for number, one in enumerate(CHECKS)
    ),
    rule(CRASHED, "check-crashed"),
)


@pytest.fixture(autouse=True)
def _checks(monkeypatch: pytest.MonkeyPatch) -> None:
    for one in CHECKS:
        monkeypatch.setattr(documents, one.__name__, one, raising=False)


@pytest.fixture
def _all_in_forks(monkeypatch: pytest.MonkeyPatch) -> None:
    """This process takes no rule, so that forks have to."""

    def shared_out(count: int, jobs: int, here: Any, there: Any) -> list[bytes]:
        return processes.shared_out(count, jobs, _nothing, there)

    monkeypatch.setattr(parted, "shared_out", shared_out)


def _nothing(_: Tasks) -> None:
    pass


def found(rules: Plan, worlds: Worlds[World], jobs: int) -> tuple[Raised, ...]:
    known = known_of(worlds.taken.resources, rules.rules)
    return run(
        rules,
        worlds,
        "a.yaml",
        asking=lambda asked, each: found_by_all(asked, each, known, worlds.left, jobs),
    )


def told(raised: tuple[Raised, ...]) -> list[object]:
    return [
        (
            one.finding,
            one.rule,
            one.hit.resource,
            one.hit.about,
            [_place(one.hit.at), *map(_place, [r.at for r in one.hit.related])],
        )
        for one in raised
    ]


def _place(at: Field | Spot) -> object:
    return (at.document.file, at.document.index, at.path, at.value) if isinstance(at, Field) else at


@pytest.mark.usefixtures("_all_in_forks")
@pytest.mark.parametrize("number", range(len(CHECKS)))
def test_a_rule_finds_the_same_in_a_fork(number: int) -> None:
    rules, worlds = plan(RULES[number], RULES[-1]), Worlds(input_of(FILES))
    alone = run(rules, worlds, "a.yaml")
    assert told(found(rules, worlds, 2)) == told(alone)
    assert alone


@pytest.mark.parametrize("jobs", [2, 3, 9])
def test_all_rules_find_the_same(jobs: int) -> None:
    rules, worlds = plan(*RULES), Worlds(input_of(FILES))
    assert told(found(rules, worlds, jobs)) == told(run(rules, worlds, "a.yaml"))


@pytest.mark.usefixtures("_all_in_forks")
def test_objects_and_values_are_those_of_this_process() -> None:
    worlds = Worlds(input_of(FILES))
    first = next(one for one in found(plan(RULES[0]), worlds, 2) if one.hit.resource is not None)
    resource = first.hit.resource
    assert resource in worlds.taken.resources.resources
    assert isinstance(first.hit.at, Field)
    assert first.hit.at.document is resource.document
    assert first.hit.at.value is resource.field.value["spec"]["type"]
    assert first.rule is RULES[0]


@pytest.mark.usefixtures("_all_in_forks")
def test_what_questions_leave_comes_along() -> None:
    there, here = list[str](), list[str]()

    def leave(world: World, parameters: Mapping[str, Any]) -> Iterator[Hit]:
        there.append("too much")
        yield from ()

    documents.say = leave  # type: ignore[attr-defined]
    left = Left(lambda: there, here.append)
    assert found(plan(RULES[0]), evolve(Worlds(input_of(FILES)), left=left), 2) == ()
    assert (there, here) == ([], ["too much"])


def test_a_document_without_an_object_is_known() -> None:
    resources = input_of(FILES).resources
    known = known_of(resources, ())
    assert all(isinstance(one, Document) for one in known.documents)
    assert {one.file for one in known.documents} == {"a.yaml", "b.yaml", "c.yaml"}
