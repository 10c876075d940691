"""The report of a difference: its shape, its words and its bounds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from attrs import evolve
from jsonschema import Draft202012Validator

from meshlint.api import check_texts, read_texts
from meshlint.api.differing.difference import State, difference
from meshlint.reports import ReportOptions
from meshlint.reports.differences.answer import Difference
from meshlint.reports.differences.report import MOST_CHARACTERS, write_difference
from meshlint.reports.differences.verdict import CHANGES, fails

PROJECT = Path(__file__).resolve().parents[2]
SCHEMA = json.loads((PROJECT / "schemas" / "diff.json").read_text(encoding="utf-8"))
BEFORE, AFTER = (PROJECT / "examples" / name for name in ("bookinfo-corrected", "bookinfo"))


def _texts(directory: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(directory.iterdir())}


def _state(directory: Path) -> State:
    texts = _texts(directory)
    return State(directory.name, read_texts(texts), check_texts(texts).findings)


@pytest.fixture(scope="module")
def found() -> Difference:
    return difference(_state(BEFORE), _state(AFTER))


def test_the_data_has_the_published_shape(found: Difference) -> None:
    Draft202012Validator.check_schema(SCHEMA)
    data = json.loads("\n".join(write_difference(found, "json", ReportOptions())))
    assert list(Draft202012Validator(SCHEMA).iter_errors(data)) == []
    assert all((data["calls"], data["ways"], data["findings"]["new"]))


def test_whoever_is_newly_let_in_is_told_first(found: Difference) -> None:
    lines = list(write_difference(found, "text", ReportOptions(width=400)))
    start = lines.index("Who may call whom")
    assert lines[start + 1].startswith("  - NOW LET IN: outside to bookinfo/productpage:9080 (was denied)")


def test_the_place_that_decides_is_told(found: Difference) -> None:
    text = "\n".join(write_difference(found, "text", ReportOptions(width=400)))
    assert "AuthorizationPolicy bookinfo/ratings, rule 1 (policies.yaml:" in text


def test_no_change_is_said_to_be_none() -> None:
    same = difference(_state(BEFORE), _state(BEFORE))
    _, *lines = write_difference(same, "text", ReportOptions(width=400))
    assert " ".join(lines).startswith("No object is changed: no call and no way of a request is changed.")
    assert not any(fails(same, [name]) for name in CHANGES)


def test_a_comment_keeps_within_its_bound(found: Difference) -> None:
    many = evolve(found, calls=found.calls * 2000, ways=found.ways * 2000)
    text = "\n".join(write_difference(many, "markdown", ReportOptions()))
    assert len(text) < MOST_CHARACTERS
    assert "more, which --format json tells" in text


@pytest.mark.parametrize(
    ("name", "does"),
    [
        ("access-widened", True),
        ("access-narrowed", False),
        ("routes-changed", True),
        ("membership", False),
        ("warning", True),
        ("never", False),
    ],
)
def test_a_run_fails_on_what_it_is_told_to(found: Difference, name: str, does: bool) -> None:
    assert fails(found, [name]) is does
