"""What a baseline holds back, what it lets through, and its file."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from attrs import evolve

from meshlint.data import data_directory
from meshlint.documents import Span
from meshlint.engine.baseline import Baseline, Entry, baseline_text, entries_of, hold, read_baseline
from meshlint.engine.baseline.effect import effect
from meshlint.engine.finding import Finding, Location
from meshlint.engine.rule import Severity
from meshlint.engine.usage import UsageError
from meshlint.resources.resource import ObjectId

TODAY = date(2026, 6, 15)
POLICY = ObjectId("security.istio.io", "PeerAuthentication", "shop", "default")


def finding(
    cause: str = "a" * 32,
    number: int = 1,
    message: str = "PeerAuthentication shop/default accepts plaintext, so 2 workloads are open to 'web'",
    severity: Severity = Severity.WARNING,
    line: int = 1,
) -> Finding:
    place = Location("a.yaml", Span.at(line, 1))
    return Finding("MTLS002", "open-mode", severity, message, place, f"{cause}:{number}", POLICY)


def frozen_at(*findings: Finding) -> Baseline:
    return Baseline(entries_of(findings))


def test_what_was_there_is_held_back_and_what_was_not_is_new() -> None:
    other = finding("b" * 32, line=2)
    held = hold([finding(), other], frozen_at(finding()), TODAY)
    assert (held.new, held.held, held.gone) == ((other,), (finding(),), ())


def test_a_higher_level_is_new_and_a_lower_one_is_not() -> None:
    before = frozen_at(finding())
    worse = finding(severity=Severity.ERROR)
    held = hold([worse], before, TODAY)
    assert (held.new, held.worse, held.gone) == ((worse,), 1, ())
    assert hold([finding(severity=Severity.INFO)], before, TODAY).new == ()


def test_another_effect_is_new_and_other_names_and_numbers_are_not() -> None:
    before = frozen_at(finding())
    others = (
        "PeerAuthentication shop/default accepts plaintext, so 1 workload is open to 'web', 'api' and 3 more"
    )
    assert hold([finding(message=others)], before, TODAY).new == ()
    broken = finding(message="PeerAuthentication shop/default accepts plaintext, so every call of it fails")
    assert hold([broken], before, TODAY).new == (broken,)
    foreign = evolve(before, version="0.0.1")
    assert hold([broken], foreign, TODAY).new == (), "another release may word it otherwise"


def test_effects() -> None:
    assert effect("Service a/b fails") == effect("Service c/d-1 fails")
    assert effect("sends 20 % to 'v1', 'v2' and 3 more") == effect("sends 100 % to 'v3'")
    assert effect("hosts 'a' and 'b' get status 503") == effect("host 'a' gets status 404")
    assert effect("it is idle") != effect("it answers everything")


def test_a_flood_that_grew_holds_as_many_as_there_were() -> None:
    many = [finding(number=number, line=number) for number in (1, 2, 3)]
    held = hold(many, frozen_at(*many[:2]), TODAY)
    assert len(held.held) == 2
    assert len(held.new) == 1
    shrunk = hold(many[:1], frozen_at(*many), TODAY)
    assert (shrunk.new, len(shrunk.gone)) == ((), 2)


def test_an_acceptance_counts_up_to_its_last_day() -> None:
    before = frozen_at(finding())
    dated = evolve(before, entries=(evolve(before.entries[0], why="soon", until=TODAY),))
    assert hold([finding()], dated, TODAY).new == ()
    late = hold([finding()], dated, date(2026, 6, 16))
    assert late.new == (finding(),)
    assert [entry.why for entry in late.expired] == ["soon"]


def test_what_a_run_cannot_judge_is_not_gone() -> None:
    held = hold([], frozen_at(finding()), TODAY, judged=lambda _: False)
    assert (held.gone, len(held.unseen)) == ((), 1)


def test_the_file_holds_a_line_for_each_finding_and_is_read_back(tmp_path: Path) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    odd = finding("c" * 32, message='says "quotes"\n and a \udc80 byte')
    entries = tuple(sorted([*entries_of([finding(), odd]), Entry("X001", "", "a text", "d:1", why="w")]))
    dated = evolve(entries[0], until=date(2027, 1, 31))
    before = Baseline(tuple(sorted([dated, *entries[1:]])), (".",))
    path = tmp_path / "baseline.json"
    path.write_text(baseline_text(before), "utf-8", errors="backslashreplace")
    lines = path.read_text().splitlines()
    assert sum('"id"' in line for line in lines) == 3
    again = read_baseline(path, "baseline.json")
    assert again.entries == before.entries
    assert baseline_text(again) == baseline_text(before)
    assert [entry.place.span.line for entry in again.entries] == [6, 7, 8]
    schema = json.loads((data_directory("schemas") / "baseline.json").read_text())
    jsonschema.validate(json.loads(path.read_text()), schema)
    jsonschema.validate(json.loads(baseline_text(Baseline())), schema)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"version": "2"}',
        '{"version": "1"}',
        '{"version": "1", "findings": {}}',
        '{"version": "1", "findings": [7]}',
        '{"version": "1", "findings": [{"rule": "A"}]}',
        '{"version": "1", "findings": [{"rule": "A", "id": "x", "until": "soon"}]}',
        '{"version": "1", "findings": [{"rule": "A", "id": "x", "until": 7}]}',
        '{"version": "1", "findings": [{"rule": "A", "id": "x", "level": "bad"}]}',
        "[" * 100_000,
    ],
)
def test_what_is_no_baseline_is_a_mistake_with_a_name(tmp_path: Path, text: str) -> None:
    path = tmp_path / "b.json"
    path.write_text(text)
    with pytest.raises(UsageError, match=r"b\.json"):
        read_baseline(path, "b.json")
