"""A comment for a pull request: what was found, the worst first, as much as a comment can hold."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.engine.finding import Finding, Location
from meshlint.engine.outcome import Outcome
from meshlint.reports.findings.summary import summary_lines
from meshlint.reports.shared.options import ReportOptions
from meshlint.reports.shared.style import printable
from meshlint.values import evolve, regex

MOST = 60_000
"""Characters: GitHub takes 65,536 in a comment."""

MARKER = "<!-- meshlint -->"
"""Stands on the first line, so that a later run finds the comment to bring up to date."""
_SPECIAL = regex(r"([\\`*_\[\]|~#>!{}])")
_PLACES = 3
_LONGEST = 600


def write(outcome: Outcome, options: ReportOptions) -> Iterator[str]:
    """The comment: the summary, a table of findings, and how many found no room."""
    yield MARKER
    head = [_text(line.strip()) for line in summary_lines(outcome, evolve(options, color=False))]
    yield from (f"**meshlint**: {head[0]}", "")
    tail = [f"- {line}" for line in head[1:]]
    room = MOST - sum(len(line) + 1 for line in (head[0], *tail)) - 500
    rows = [_row(finding, options) for finding in sorted(outcome.findings, key=_order)]
    shown = list(_fitting(rows, room))
    if shown:
        yield from ("| | rule | where | what |", "|---|---|---|---|", *shown, "")
    if len(shown) < len(rows):
        yield from (f"{len(rows) - len(shown)} more findings have no room here.", "")
    if tail:
        yield from ("<details><summary>What was looked at</summary>", "", *tail, "", "</details>")


def _order(finding: Finding) -> tuple[int, Location]:
    return -finding.severity, finding.location


def _row(finding: Finding, options: ReportOptions) -> str:
    place = _place(finding.location, options)
    others = [f", {_place(one, options)}" for one in finding.others[:_PLACES]]
    if len(finding.others) > _PLACES:
        others.append(f" and {len(finding.others) - _PLACES} more")
    hint = f"<br>Help: {_text(finding.hint)}" if finding.hint else ""
    what = f"{_text(finding.message)}{hint}"
    return f"| {finding.severity} | {finding.rule} | {place}{''.join(others)} | {what} |"


def _place(location: Location, options: ReportOptions) -> str:
    file = printable(options.repository_path(location.file)).replace("`", "'").replace("|", "\\|")
    return f"`{file}:{location.span.line}`"


def _text(text: str) -> str:
    """`text` as itself: nothing in a manifest may format the comment, open a tag or call a user."""
    shown = printable(text)
    shown = shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}…"
    escaped = _SPECIAL.sub(r"\\\1", shown.replace("&", "&amp;").replace("<", "&lt;"))
    return escaped.replace("@", "@\N{ZERO WIDTH NON-JOINER}")


def _fitting(rows: list[str], room: int) -> Iterator[str]:
    for row in rows:
        room -= len(row) + 1
        if room < 0:
            return
        yield row
