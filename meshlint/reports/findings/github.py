"""Workflow commands: GitHub Actions shows them as annotations on the changed lines."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.engine.finding import Finding, Location
from meshlint.engine.outcome import Outcome
from meshlint.engine.rule import Severity
from meshlint.reports.shared.options import ReportOptions
from meshlint.reports.shared.style import printable

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
_PLACES = 10


def write(outcome: Outcome, options: ReportOptions) -> Iterator[str]:
    """A command for each finding, the worst first because only ten annotations of a step are shown."""
    for finding in sorted(outcome.findings, key=lambda finding: -finding.severity):
        properties = _properties(finding, options)
        written = ",".join(
            f"{name}={_escaped(value, in_property=True)}" for name, value in properties.items()
        )
        yield f"::{_COMMANDS[finding.severity]} {written}::{_escaped(_message(finding, options))}"


def _properties(finding: Finding, options: ReportOptions) -> dict[str, str]:
    span = finding.location.span
    properties = {
        "file": options.repository_path(finding.location.file),
        "line": str(span.line),
        "endLine": str(span.end_line),
        "title": f"{finding.rule} {finding.name}",
    }
    if span.line == span.end_line:  # GitHub takes columns only on a single line
        properties |= {"col": str(span.column), "endColumn": str(span.end_column)}
    return properties


def _message(finding: Finding, options: ReportOptions) -> str:
    parts = [finding.message]
    parts += [f"{_place(r.location, options)}: {r.message}" for r in finding.related]
    if finding.others:
        named = ", ".join(_place(place, options) for place in finding.others[:_PLACES])
        rest = len(finding.others) - _PLACES
        parts.append(f"The same at {named}" + (f" and {rest} more places" if rest > 0 else ""))
    if finding.hint:
        parts.append(f"Help: {finding.hint}")
    return "\n".join(map(printable, parts))


def _place(location: Location, options: ReportOptions) -> str:
    return str(Location(options.repository_path(location.file), location.span))


def _escaped(text: str, *, in_property: bool = False) -> str:
    """`text` with what would end the command escaped (GitHub: workflow commands)."""
    text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return text.replace(":", "%3A").replace(",", "%2C") if in_property else text
