from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from meshlint.checks.hit import Hit, Related, Spot
from meshlint.checks.hygiene import documents
from meshlint.checks.world import World
from meshlint.documents import Span
from meshlint.engine.finding import Location
from meshlint.engine.presence import presence
from meshlint.engine.raised import Raised
from meshlint.engine.run import CRASHED, Worlds, run
from tests.engine.worlds import OBJECT, input_of, plan, rule


def say(world: World, parameters: Mapping[str, Any]) -> Iterator[Hit]:
    for resource in world.resources.resources:
        at = resource.at("spec", "type")
        more = (Related(resource.at("metadata", "name"), "this one"),)
        yield Hit(at, "It says so", resource=resource, related=more, hint="Change it.")
        yield Hit(at, "It says so", resource=resource, related=more, hint="Change it.")


def crash(world: World, parameters: Mapping[str, Any]) -> Iterator[Hit]:
    yield Hit(Spot("a.yaml", Span.at(1, 1)), "before the crash")
    raise KeyError("secret words of the manifest")


@pytest.fixture(autouse=True)
def _checks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "say", say, raising=False)
    monkeypatch.setattr(documents, "crash", crash, raising=False)


def findings(found: tuple[Raised, ...]) -> list[tuple[str, str, str]]:
    return [(raised.finding.rule, str(raised.finding.location), raised.finding.message) for raised in found]


def test_a_hit_becomes_a_finding() -> None:
    (raised,) = run(
        plan(rule("MTLS001", "says", "hygiene.documents.say")), Worlds(input_of({"a.yaml": OBJECT}))
    )
    finding = raised.finding
    assert finding.location == Location("a.yaml", Span(7, 9, 7, 18))
    assert (finding.rule, finding.name, finding.message, finding.hint) == (
        "MTLS001",
        "says",
        "It says so",
        "Change it.",
    )
    assert str(finding.object) == "Service shop/cart"
    assert finding.path == ("spec", "type")
    assert finding.fingerprint.endswith(":1")
    (related,) = finding.related
    assert (str(related.location), related.message) == ("a.yaml:4:9", "this one")


def test_a_crash_is_one_finding_and_the_rest_goes_on() -> None:
    rules = plan(
        rule("MTLS001", "crashes", "hygiene.documents.crash"),
        rule("MTLS002", "is-missing", "nowhere.at_all"),
        rule("MTLS003", "says", "hygiene.documents.say"),
        rule(CRASHED, "check-crashed"),
    )
    found = run(rules, Worlds(input_of({"a.yaml": OBJECT})), "a.yaml")
    assert findings(found) == [
        (
            CRASHED,
            "a.yaml:1:1",
            "The check of MTLS001 (crashes) stopped with KeyError, so it told nothing more",
        ),
        (
            CRASHED,
            "a.yaml:1:1",
            "The check of MTLS002 (is-missing) stopped with ModuleNotFoundError, so it told nothing more",
        ),
        ("MTLS001", "a.yaml:1:1", "before the crash"),
        ("MTLS003", "a.yaml:7:9", "It says so"),
    ]
    assert "secret" not in str(found[0].finding)


def test_a_crash_stays_silent_only_where_its_rule_is_off() -> None:
    found = run(plan(rule("MTLS001", "crashes", "hygiene.documents.crash")), Worlds(input_of({})))
    assert findings(found) == [("MTLS001", "a.yaml:1:1", "before the crash")]


def test_equal_fingerprints_are_numbered() -> None:
    files = {"a.yaml": OBJECT, "b.yaml": OBJECT}
    found = run(plan(rule("MTLS001", "says", "hygiene.documents.say")), Worlds(input_of(files)))
    first, second = [raised.finding.fingerprint.split(":") for raised in found]
    assert first[0] == second[0]
    assert (first[1], second[1]) == ("1", "2")


def test_a_move_of_text_does_not_swap_fingerprints(monkeypatch: pytest.MonkeyPatch) -> None:
    def by_label(world: World, parameters: Mapping[str, Any]) -> Iterator[Hit]:
        for resource in world.resources.resources:
            yield Hit(resource.at("spec"), f"It says {resource.at('spec', 'type').value}", resource=resource)

    monkeypatch.setattr(documents, "by_label", by_label, raising=False)
    rules = plan(rule("MTLS001", "says", "hygiene.documents.by_label"))
    other = OBJECT.replace("ClusterIP", "NodePort")
    there = run(rules, Worlds(input_of({"a.yaml": OBJECT, "b.yaml": other})))
    back = run(rules, Worlds(input_of({"a.yaml": other, "b.yaml": OBJECT})))
    assert {(one.finding.message, one.finding.fingerprint) for one in there} == {
        (one.finding.message, one.finding.fingerprint) for one in back
    }
    assert [one.finding.location.file for one in back] == ["a.yaml", "b.yaml"]


def test_a_rule_whose_kinds_are_not_in_the_set_is_not_even_loaded() -> None:
    rules = plan(rule("MTLS001", "is-missing", "nowhere.at_all", needs=("Gateway", "Server")))
    crashes = plan(*rules.rules, rule(CRASHED, "check-crashed"))
    world = input_of({"a.yaml": OBJECT})
    assert run(crashes, Worlds(world), "a.yaml", presence(frozenset({"Service"}), ())) == ()
    assert len(run(crashes, Worlds(world), "a.yaml", presence(frozenset({"Service", "Server"}), ()))) == 1
