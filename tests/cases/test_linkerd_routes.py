"""Where requests go, against the recorded verdicts of Linkerd's controller and proxy."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cases.linkerd_controller import (
    ask_route,
    expected,
    expected_of_case,
    minimal_cases,
    project,
    project_of_case,
    rows,
    told,
)
from tests.shared import needs_shared

pytestmark = needs_shared
Row = dict[str, Any]

OPEN_ENDS = {(400047, 5)}
"""Rows with a backend of which files alone do not prove that it is missing: `svc2` beside `svc0` and `svc1`,
as a version that another application may bring. With `assume: complete` it is."""


def agrees(row: Row, *, complete: bool) -> bool:
    """Whether a request goes where Linkerd sends it, and is called undecided just where age decides."""
    answer = ask_route(project("route", row["set"], complete=complete), row)
    wanted = [expected(one, row["scheme"]) for one in row["outcomes"]]
    return told(answer) in wanted and bool(answer.undecided) == (len(wanted) > 1)


@pytest.mark.parametrize("complete", [True, False])
def test_every_way_is_that_of_linkerd(complete: bool) -> None:
    wrong = []
    for row in rows("route"):
        if not agrees(row, complete=complete):
            wrong.append(row)
    assert [one for one in wrong if complete or (one["set"], one["id"]) not in OPEN_ENDS] == []
    assert complete or {(one["set"], one["id"]) for one in wrong} == OPEN_ENDS
    assert len(rows("route")) > 600


@pytest.mark.parametrize("name", minimal_cases("route"))
def test_every_minimal_case_is_answered_as_it_says(name: str) -> None:
    case = project_of_case(name)
    scheme = case.question["scheme"]
    answer = ask_route(case.project, case.question)
    wanted = [expected_of_case(one, scheme) for one in case.verdicts]
    assert told(answer) in wanted, answer.reason
    assert bool(answer.undecided) == (len(wanted) > 1), answer.undecided
