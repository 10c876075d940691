"""Diagnostics for reviewdog (its Reviewdog Diagnostic Format as JSON, `DiagnosticResult`).

Columns there count the bytes of UTF-8 from 1, ours characters; the texts tell one from the other.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from meshlint import HOME
from meshlint.engine.finding import Finding, Location
from meshlint.engine.outcome import Outcome
from meshlint.engine.rule import Severity
from meshlint.reports.shared.options import ReportOptions
from meshlint.reports.shared.style import printable

_SEVERITIES = {Severity.ERROR: "ERROR", Severity.WARNING: "WARNING", Severity.INFO: "INFO"}


def write(outcome: Outcome, options: ReportOptions) -> Iterator[str]:
    """The result as one indented JSON value."""
    result = {
        "source": {"name": "meshlint", "url": HOME},
        "diagnostics": [_diagnostic(finding, outcome, options) for finding in outcome.findings],
    }
    yield json.dumps(result, indent=2, ensure_ascii=False)


def _diagnostic(finding: Finding, outcome: Outcome, options: ReportOptions) -> dict[str, Any]:
    parts = [finding.message, *([f"Help: {finding.hint}"] if finding.hint else [])]
    told: dict[str, Any] = {
        "message": "\n".join(map(printable, parts)),
        "location": _location(finding.location, outcome, options),
        "severity": _SEVERITIES[finding.severity],
        "code": {"value": finding.rule},
        "original_output": printable(f"{finding.location}: {finding.message}"),
    }
    related = [
        {"message": printable(one.message), "location": _location(one.location, outcome, options)}
        for one in finding.related
    ]
    if related:
        told["related_locations"] = related
    return told


def _location(location: Location, outcome: Outcome, options: ReportOptions) -> dict[str, Any]:
    span = location.span
    return {
        "path": options.repository_path(location.file),
        "range": {
            "start": _position(span.line, span.column, location.file, outcome),
            "end": _position(span.end_line, span.end_column, location.file, outcome),
        },
    }


def _position(line: int, column: int, file: str, outcome: Outcome) -> dict[str, int]:
    text = outcome.texts.get(file)
    if text is not None and 0 < line <= len(text.lines):
        before = text.lines[line - 1][: column - 1]
        column += len(before.encode("utf-8", "surrogatepass")) - len(before)
    return {"line": line, "column": column}
