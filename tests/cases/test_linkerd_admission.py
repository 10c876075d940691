"""Which objects Linkerd's webhook refuses, against its recorded verdicts."""

from __future__ import annotations

import json
from typing import Any

import pytest

from meshlint.admission.remark import Judge
from meshlint.api import Project, check_texts, read_texts
from meshlint.engine.rule import Severity
from tests.cases.linkerd_controller import (
    ask_access,
    ask_route,
    minimal_cases,
    project,
    project_of_case,
    rows,
    told,
)
from tests.shared import needs_shared

pytestmark = needs_shared
Row = dict[str, Any]

BESIDE = {"SCHEMA001", "GATEWAY107"}
"""What is told beside the refusal: a field that is dropped, and a backend without a port, which an older
definition of its kind lets pass."""


def _project(row: Row) -> Project:
    return read_texts({"object.json": json.dumps(row["object"])})


def refusals(row: Row) -> tuple[bool, bool]:
    """Whether the definition of the kind refuses an object, and whether the webhook does."""
    (verdict,) = _project(row).admission.verdicts
    by_webhook = any(one.refuses and one.judge is Judge.LINKERD for one in verdict.remarks)
    return not verdict.is_taken and not by_webhook, by_webhook


def test_what_the_webhook_refuses_is_not_taken() -> None:
    missed = [row for row in rows("admission") if row["refused"] and not any(refusals(row))]
    assert missed == []
    assert sum(row["refused"] for row in rows("admission")) > 90


def test_nothing_that_the_webhook_takes_is_refused_in_its_name() -> None:
    wrong = [row for row in rows("admission") if not row["refused"] and refusals(row)[1]]
    assert wrong == []


def test_what_only_the_definition_refuses_is_told_apart() -> None:
    """The table asks the webhook alone; these objects never come to it."""
    apart = [row["object"] for row in rows("admission") if not row["refused"] and refusals(row)[0]]
    assert sorted(one["kind"] for one in apart) == [
        *["HTTPRoute"] * 3,
        "MeshTLSAuthentication",
        *["ServerAuthorization"] * 2,
    ]


def test_every_refusal_is_told_once_as_an_error() -> None:
    wrong = []
    for row in rows("admission"):
        if row["refused"]:
            found = check_texts({"object.json": json.dumps(row["object"])}).findings
            errors = [one for one in found if one.severity is Severity.ERROR and one.rule not in BESIDE]
            if len(errors) != 1:
                wrong.append((row["object"], [one.message for one in errors]))
    assert wrong == []


@pytest.mark.parametrize("table", ["access", "route"])
def test_the_sets_lose_what_the_webhook_refused_there(table: str) -> None:
    for given in rows(f"{table}-sets"):
        gone = {
            (one.resource.kind, one.resource.namespace, one.resource.name)
            for one in project(table, given["set"], whole=True).admission.refused
        }
        assert gone >= {tuple(one) for one in given["refused"]}, given["set"]


def test_refused_objects_change_no_answer() -> None:
    for row in rows("access"):
        answers = [
            ask_access(project("access", row["set"], whole=whole), row).verdict for whole in (False, True)
        ]
        assert answers[0] is answers[1], row
    for row in rows("route"):
        ways = [told(ask_route(project("route", row["set"], whole=whole), row)) for whole in (False, True)]
        assert ways[0] == ways[1], row


@pytest.mark.parametrize("name", [one for one in minimal_cases("access") if one.startswith("refused-")])
def test_every_minimal_case_is_answered_with_what_is_refused_in_it(name: str) -> None:
    case = project_of_case(name, whole=True)
    assert ask_access(case.project, case.question).verdict.value == "deny"
