"""The report for people: each finding with the lines it is about."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from meshlint.engine.finding import Finding, Location
from meshlint.engine.outcome import Outcome
from meshlint.reports.findings.excerpt import Mark, excerpt
from meshlint.reports.shared.options import ReportOptions
from meshlint.reports.shared.style import paint, printable

_PLACES = 5


def write(outcome: Outcome, options: ReportOptions) -> Iterator[str]:
    """The lines of the report: nothing where nothing was found."""
    for finding in outcome.findings:
        yield from _finding(finding, outcome, options)
        yield ""


def excerpts(finding: Finding, outcome: Outcome, options: ReportOptions) -> Iterator[str]:
    """The lines that a finding is about, with marks, file by file, the finding's own first."""
    margin = _margin(finding)
    for number, (file, marks) in enumerate(_by_file(finding).items()):
        yield from _place(file, marks, outcome, margin, options, is_first=number == 0)


def _finding(finding: Finding, outcome: Outcome, options: ReportOptions) -> Iterator[str]:
    severity, color = str(finding.severity), options.color
    title = paint(severity, f"{severity}[{finding.rule}]", color=color)
    name = paint("frame", finding.name, color=color)
    yield f"{title} {name}: {paint('strong', printable(finding.message), color=color)}"
    yield from excerpts(finding, outcome, options)
    margin = _margin(finding)
    yield from _others(finding.others, margin, options)
    if finding.hint:
        help_word = paint("help", "help", color=color)
        yield f"{' ' * margin} {paint('frame', '=', color=color)} {help_word}: {printable(finding.hint)}"


def _place(
    file: str, marks: list[Mark], outcome: Outcome, margin: int, options: ReportOptions, *, is_first: bool
) -> Iterator[str]:
    arrow = paint("frame", "-->" if is_first else ":::", color=options.color)
    text = outcome.texts.get(file)
    if text is not None and marks[0].span.line <= len(text.lines):
        yield f"{' ' * margin}{arrow} {Location(printable(file), marks[0].span)}"
        yield from excerpt(text.lines, marks, margin, options)
        return
    for mark in marks:
        yield f"{' ' * margin}{arrow} {Location(printable(file), mark.span)}"
        if mark.label:
            yield f"{' ' * margin} {paint('frame', '=', color=options.color)} {printable(mark.label)}"


def _by_file(finding: Finding) -> dict[str, list[Mark]]:
    """The marks of a finding by file, the finding's own first."""
    marks = {finding.location.file: [Mark(finding.location.span, role=str(finding.severity))]}
    for related in finding.related:
        file, span = related.location.file, related.location.span
        marks.setdefault(file, []).append(Mark(span, related.message))
    return marks


def _others(others: tuple[Location, ...], margin: int, options: ReportOptions) -> Iterator[str]:
    if not others:
        return
    shown = len(others) if options.verbose or len(others) <= _PLACES + 1 else _PLACES
    sign, pad = paint("frame", "=", color=options.color), " " * margin
    places = "place" if len(others) == 1 else "places"
    yield f"{pad} {sign} the same at {len(others)} more {places}:"
    for place in islice(others, shown):
        yield f"{pad}     {printable(str(place))}"
    if shown < len(others):
        yield f"{pad}     and {len(others) - shown} more (--verbose lists them)"


def _margin(finding: Finding) -> int:
    lines = [finding.location.span.line, *(related.location.span.line for related in finding.related)]
    return len(str(max(lines)))
