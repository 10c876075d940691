"""The reports for other tools, held against what these say of their formats."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from meshlint.documents import FileText, Span
from meshlint.engine.finding import Location
from meshlint.engine.outcome import Outcome
from meshlint.engine.rule import Severity
from meshlint.reports import ReportOptions, writer
from meshlint.reports.findings.markdown import MARKER, MOST
from tests.reports.outcomes import CLEAN, FULL, UNDEFINED

DATA = Path(__file__).parent / "data"
CODE_QUALITY: Any = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "minLength": 1},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "pattern": "^(?!\\./)."},
                    "lines": {
                        "type": "object",
                        "required": ["begin"],
                        "properties": {"begin": {"type": "integer"}},
                    },
                },
            },
        },
    },
}
"""What GitLab's documentation says of the report: it publishes no schema of it."""

HOSTILE = st.text(max_size=60) | st.sampled_from(
    [
        "]]>",
        "<script>alert(1)</script>",
        '"><img src=x>',
        "| a | b",
        "`x`",
        "@everyone",
        "\x1b[31m",
        "\ud800",
        "\ufffe",
    ]
)


def text_of(name: str, outcome: Outcome, options: ReportOptions | None = None) -> str:
    return "\n".join(writer(name)(outcome, options or ReportOptions()))


def with_words(words: str) -> Outcome:
    finding = evolve(UNDEFINED, message=f"says {words}", hint=words, name=f"n {words}")
    return evolve(FULL, findings=(finding,))


def junit_errors(text: str) -> list[str]:
    xmlschema = pytest.importorskip("xmlschema", reason="the XML Schema validator is not installed")
    schema = xmlschema.XMLSchema(str(DATA / "junit-10.xsd"))
    return [str(error.reason) for error in schema.iter_errors(text)]


@pytest.mark.parametrize("outcome", [FULL, CLEAN])
def test_junit_keeps_to_the_schema(outcome: Outcome) -> None:
    assert junit_errors(text_of("junit", outcome)) == []


def test_the_schema_of_junit_would_find_a_mistake() -> None:
    assert junit_errors('<testsuites><testsuite name="a"/></testsuites>')


@given(HOSTILE)
@settings(max_examples=60)
def test_junit_holds_whatever_a_manifest_says(words: str) -> None:
    root = ElementTree.fromstring(text_of("junit", with_words(words)))
    assert len(root.findall("testsuite/testcase/failure")) == 1


def test_junit_fails_what_fails_the_run() -> None:
    def failures(least: Severity | None) -> int:
        root = ElementTree.fromstring(text_of("junit", evolve(FULL, fail_on=least)))
        failed = len(root.findall("testsuite/testcase/failure"))
        assert root.get("failures") == str(failed)
        assert root.get("tests") == str(len(root.findall("testsuite/testcase")))
        return failed

    by_level = [sum(one.severity >= least for one in FULL.findings) for least in Severity]
    assert [failures(least) for least in Severity] == by_level
    assert failures(None) == 0
    assert by_level[0] == len(FULL.findings) > by_level[2] > 0


def test_junit_tells_of_files_in_which_nothing_was_found() -> None:
    outcome = evolve(CLEAN, texts={"a.yaml": FileText("a.yaml", "a: 1\n")})
    root = ElementTree.fromstring(text_of("junit", outcome, ReportOptions(prefix="k8s")))
    assert [suite.get("name") for suite in root.findall("testsuite")] == ["k8s/a.yaml"]


@given(HOSTILE)
@settings(max_examples=30)
def test_gitlab_gets_what_it_asks_for(words: str) -> None:
    report = json.loads(text_of("gitlab", with_words(words), ReportOptions(prefix="deploy")))
    assert list(Draft202012Validator(CODE_QUALITY).iter_errors(report)) == []
    assert report[0]["location"]["path"].startswith("deploy/")


def test_gitlab_knows_each_issue_by_its_own_fingerprint() -> None:
    report = json.loads(text_of("gitlab", FULL))
    assert len({issue["fingerprint"] for issue in report}) == len(report) == len(FULL.findings)
    assert json.loads(text_of("gitlab", CLEAN)) == []


def test_reviewdog_counts_bytes() -> None:
    text = FileText("a.yaml", "名前: 値\n")
    place = Location("a.yaml", Span(1, 5, 1, 6))
    outcome = Outcome((evolve(UNDEFINED, location=place, related=()),), (), FULL.summary, {"a.yaml": text})
    location = json.loads(text_of("rdjson", outcome))["diagnostics"][0]["location"]
    assert location["range"] == {"start": {"line": 1, "column": 9}, "end": {"line": 1, "column": 12}}
    assert text.lines[0].encode()[8:11].decode() == "値"


def test_reviewdog_gets_every_finding() -> None:
    report = json.loads(text_of("rdjson", FULL))
    assert report["source"]["name"] == "meshlint"
    assert [one["code"]["value"] for one in report["diagnostics"]] == [one.rule for one in FULL.findings]
    assert {one["severity"] for one in report["diagnostics"]} <= {"ERROR", "WARNING", "INFO"}


def test_a_comment_tells_the_worst_first_and_begins_with_its_mark() -> None:
    lines = text_of("markdown", FULL).splitlines()
    assert lines[0] == MARKER
    rows = [line for line in lines if line.startswith(("| error", "| warning", "| info"))]
    assert len(rows) == len(FULL.findings)
    levels = [row.split(" ")[1] for row in rows]
    assert levels == sorted(levels, key=["error", "warning", "info"].index)


def test_a_comment_has_room_for_some_and_counts_the_rest() -> None:
    many = tuple(evolve(UNDEFINED, message=f"{number} {'words ' * 30}") for number in range(2_000))
    text = text_of("markdown", evolve(FULL, findings=many))
    assert len(text) <= MOST
    rows = sum(line.startswith("| error") for line in text.splitlines())
    assert 100 < rows < 2_000
    assert f"{2_000 - rows} more findings have no room here." in text


@given(HOSTILE)
@settings(max_examples=60)
def test_nothing_in_a_manifest_formats_the_comment(words: str) -> None:
    text = text_of("markdown", with_words(words))
    row = next(line for line in text.split("\n") if line.startswith("| error"))
    bare = row.replace("\\\\", "").replace("\\|", "").replace("\\`", "")
    assert bare.count("|") == 5
    assert "<" not in bare.replace("<br>", "")
    assert bare.count("`") == 2
    assert "@e" not in bare
