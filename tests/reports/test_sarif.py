from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from meshlint.documents import Span
from meshlint.engine.finding import Finding, Location, RelatedLocation
from meshlint.engine.outcome import Outcome
from meshlint.engine.rule import Severity
from meshlint.reports import ReportOptions, writer
from tests.reports.outcomes import AUTHZ_RULE, CLEAN, FULL, SUBSET_RULE, UNDEFINED, WIDE

SCHEMA = Path(__file__).parent / "data" / "sarif-schema-2.1.0.json"


@cache
def validator() -> Draft7Validator:
    return Draft7Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


def run_of(outcome: Outcome, options: ReportOptions | None = None) -> Any:
    log = json.loads("\n".join(writer("sarif")(outcome, options or ReportOptions())))
    errors = [f"{error.json_path}: {error.message}" for error in validator().iter_errors(log)]
    assert errors == []
    return log["runs"][0]


def results_of(*findings: Finding, prefix: str = "") -> Any:
    return run_of(evolve(FULL, findings=findings), ReportOptions(prefix=prefix))["results"]


def test_a_run_with_findings_and_one_without_are_valid() -> None:
    assert len(run_of(FULL)["results"]) == len(FULL.findings)
    assert run_of(CLEAN)["results"] == []


def test_the_rules_that_found_something_are_listed_and_every_result_names_its_rule() -> None:
    run = run_of(FULL)
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert rules == [SUBSET_RULE.id, AUTHZ_RULE.id, "ENGINE001"]
    assert all(rules[result["ruleIndex"]] == result["ruleId"] for result in run["results"])


def test_what_github_requires_of_a_rule_is_there_and_not_empty() -> None:
    for rule in run_of(FULL)["tool"]["driver"]["rules"]:
        words = [
            rule["name"],
            rule["shortDescription"]["text"],
            rule["fullDescription"]["text"],
            rule["help"]["text"],
        ]
        assert all(words)
        assert max(map(len, words[:3])) <= 1024
        assert len(rule.get("properties", {}).get("tags", [])) <= 20


def test_security_rules_carry_their_severity_as_a_string() -> None:
    properties = run_of(FULL)["tool"]["driver"]["rules"][1]["properties"]
    assert properties["security-severity"] == "7.5"
    assert properties["precision"] == "medium"
    assert properties["tags"][:4] == ["security", "authz", "istio", "linkerd"]


def test_the_level_of_a_regraded_finding_is_written() -> None:
    results = results_of(*(evolve(UNDEFINED, severity=severity) for severity in Severity))
    assert [result["level"] for result in results] == ["note", "warning", "error"]


def test_the_region_has_four_fields_and_one_line() -> None:
    block = run_of(FULL)["results"][1]["locations"][0]["physicalLocation"]["region"]
    assert block == {"startLine": 8, "startColumn": 3, "endLine": 8, "endColumn": 8}


def test_uris_are_percent_encoded_and_lead_from_the_root_of_the_repository() -> None:
    location = results_of(WIDE, prefix="deploy/a")[0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert location == {"uri": "deploy/a/mesh/hard%20to%20print.yaml"}


@pytest.mark.parametrize(
    ("file", "uri"),
    [("../b.yaml", "deploy/b.yaml"), ("/tmp/ü.yaml", "file:///tmp/%C3%BC.yaml"), ("<stdin>", "%3Cstdin%3E")],
)
def test_uris_of_odd_paths(file: str, uri: str) -> None:
    finding = evolve(UNDEFINED, location=evolve(UNDEFINED.location, file=file), related=())
    [result] = results_of(finding, prefix="deploy/a")
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == uri


def test_the_fingerprint_is_ours() -> None:
    assert results_of(UNDEFINED)[0]["partialFingerprints"] == {
        "primaryLocationLineHash": UNDEFINED.fingerprint
    }


def test_related_places_are_linked_from_the_message() -> None:
    [result] = results_of(UNDEFINED)
    assert "[its share](1)" in result["message"]["text"]
    assert [place["id"] for place in result["relatedLocations"]] == [1, 2]


def test_a_message_cannot_forge_a_link() -> None:
    assert "[everyone](1)" not in results_of(WIDE)[0]["message"]["text"]


def test_suppressed_findings_are_left_out() -> None:
    assert results_of() == []


def test_the_category_names_the_set_of_inputs() -> None:
    assert run_of(CLEAN)["automationDetails"] == {"id": "meshlint/"}
    assert run_of(CLEAN, ReportOptions(category="deploy/a"))["automationDetails"] == {
        "id": "meshlint/deploy/a/"
    }


def test_limits_of_github() -> None:
    flood = evolve(WIDE, others=WIDE.others * 200)
    [result] = results_of(flood)
    assert len(result["locations"]) + len(result["relatedLocations"]) <= 1_000
    light = evolve(UNDEFINED, severity=Severity.INFO, related=())
    log = json.loads(
        "".join(writer("sarif")(evolve(FULL, findings=(light,) * 25_000 + (UNDEFINED,)), ReportOptions()))
    )
    run = log["runs"][0]
    assert len(run["results"]) == 25_000
    assert run["results"][-1]["level"] == "error"
    assert "1 of the less severe" in run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]


@settings(max_examples=30)
@given(st.text(min_size=1), st.text(min_size=1), st.integers(-1, 50), st.integers(-1, 50), st.integers(-1, 9))
def test_any_finding_gives_a_valid_region_and_link(
    message: str, file: str, line: int, column: int, length: int
) -> None:
    place = Location(file, Span.at(line, column, length))
    finding = evolve(UNDEFINED, message=message, location=place, related=(RelatedLocation(place, message),))
    [result] = results_of(finding)
    region = result["locations"][0]["physicalLocation"]["region"]
    assert region["startLine"] >= 1
    assert region["endColumn"] > region["startColumn"] >= 1
