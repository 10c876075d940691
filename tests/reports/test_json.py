from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from meshlint.data import data_directory
from meshlint.engine.outcome import Outcome
from meshlint.reports import ReportOptions, writer
from tests.reports.outcomes import CLEAN, FULL


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    schema = json.loads((data_directory("schemas") / "report.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def written(outcome: Outcome) -> Any:
    return json.loads("\n".join(writer("json")(outcome, ReportOptions())))


@pytest.mark.parametrize("outcome", [FULL, CLEAN], ids=["findings", "clean"])
def test_the_report_is_as_its_schema_says(outcome: Outcome, validator: Draft202012Validator) -> None:
    assert list(validator.iter_errors(written(outcome))) == []


def test_the_schema_refuses_another_version(validator: Draft202012Validator) -> None:
    assert not validator.is_valid(written(CLEAN) | {"version": "2"})


def test_every_place_is_kept() -> None:
    findings = written(FULL)["findings"]
    assert [len(finding["others"]) for finding in findings] == [0, 0, 9, 1, 0]
    assert [len(finding["related"]) for finding in findings] == [2, 0, 0, 0, 1]
