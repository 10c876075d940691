"""Each format against a plain file. `MESHLINT_UPDATE_SNAPSHOTS=1 pytest tests/reports` accepts a change."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from meshlint import __version__
from meshlint.reports import FORMATS, ReportOptions, writer
from meshlint.reports.findings.summary import summary_lines
from tests.reports.outcomes import CLEAN, FULL

SNAPSHOTS = Path(__file__).parent / "snapshots"
OPTIONS = ReportOptions(width=100, prefix="deploy", category="shop")


def agree(name: str, lines: list[str]) -> None:
    text = "".join(f"{line}\n" for line in lines).replace(f'ersion": "{__version__}"', 'ersion": "VERSION"')
    path = SNAPSHOTS / name
    if os.environ.get("MESHLINT_UPDATE_SNAPSHOTS"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", FORMATS)
def test_report(name: str) -> None:
    lines = list(writer(name)(FULL, OPTIONS))
    if name == "sarif":
        lines = json.dumps(json.loads(lines[0]), indent=2, ensure_ascii=False).splitlines()
    agree(f"report.{name}.txt", lines)


def test_text_in_colour() -> None:
    agree("report.text-colour.txt", list(writer("text")(FULL, ReportOptions(color=True, width=100))))


def test_summary() -> None:
    agree("summary.txt", list(summary_lines(FULL, OPTIONS)))


@pytest.mark.parametrize("name", ["text", "concise", "github"])
def test_a_clean_run_has_an_empty_report(name: str) -> None:
    assert list(writer(name)(CLEAN, OPTIONS)) == []
