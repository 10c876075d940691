"""One small set of manifests for each way in which meshlint once said otherwise than istiod."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from meshlint.api import AccessRequest
from tests.cases.istiod import ISTIOD, Row, ask, differences, project
from tests.shared import SHARED, needs_shared

FOLDERS = sorted((ISTIOD / "minimal").iterdir()) if SHARED.is_dir() else []
_OPEN = {"path": None, "method": None, "headers": None}


@needs_shared
@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_small_case_is_answered_as_it_says(folder: Path) -> None:
    case = json.loads((folder / "case.json").read_text())
    assert [found for one in case["questions"] if (found := _wrong(folder, one))] == [], case["why"]


@needs_shared
def test_there_are_cases_of_many_kinds() -> None:
    assert len(FOLDERS) >= 35


def _wrong(folder: Path, question: Row) -> list[str]:
    at, verdict = project(folder / "input.yaml"), question["istiod"]
    if "access" in question:
        transport = at.access(AccessRequest(**question["access"])).transport.value
        return [] if [transport] == verdict["transport"] else [transport]
    row = _OPEN | question["question"] | verdict
    return list(differences(row, ask(at, row)))
