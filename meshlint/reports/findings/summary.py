"""What was looked at and what was not, for the end of a run: told on stderr, beside any report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from meshlint.engine.finding import Finding
from meshlint.engine.outcome import NotAnalysed, Outcome, Summary
from meshlint.engine.rule import Severity
from meshlint.reports.shared.options import ReportOptions
from meshlint.reports.shared.style import paint, printable

_EXAMPLES = 3


def summary_lines(outcome: Outcome, options: ReportOptions) -> Iterator[str]:
    """The result first, then everything that was passed over, each with what can be done about it."""
    yield _result(outcome, options)
    yield from _coverage(outcome.summary, options)
    if outcome.findings:
        worst = max(outcome.findings, key=lambda finding: finding.severity)
        yield f"Why it matters and how to mend it: meshlint explain {worst.rule}"


def passed_over_lines(groups: Iterable[NotAnalysed], options: ReportOptions) -> Iterator[str]:
    """A line for each reason files were passed over for, and one for the hint."""
    for group in groups:
        paths = sorted(group.paths)
        shown = paths if options.verbose else paths[:_EXAMPLES]
        named = ", ".join(map(printable, shown)) + (", …" if len(shown) < len(paths) else "")
        count = _count(len(paths), "file")
        yield f"Not analysed: {count} ({printable(group.reason)}): {named}"
        if group.hint:
            yield f"  {paint('help', 'help', color=options.color)}: {printable(group.hint)}"


def _result(outcome: Outcome, options: ReportOptions) -> str:
    summary = outcome.summary
    where = f"{_count(summary.objects, 'object')} in {_count(summary.files, 'file')}"
    suppressed = f"; {summary.suppressed} suppressed" if summary.suppressed else ""
    if outcome.findings:
        return f"Found {_severities(outcome.findings, options)} ({where}{suppressed})."
    if not summary.objects:
        return f"Nothing was linted: no Kubernetes object in {_count(summary.files, 'file')}."
    if summary.meshes == {}:
        return f"No findings, for nothing of a mesh was read ({where}{suppressed})."
    return f"{paint('help', 'No findings', color=options.color)} ({where}{suppressed})."


def _severities(findings: Iterable[Finding], options: ReportOptions) -> str:
    counts = Counter(finding.severity for finding in findings)
    words = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
    parts = [
        paint(str(severity), _count(counts[severity], words[severity]), color=options.color)
        for severity in sorted(counts, reverse=True)
    ]
    return _listed(parts)


def _coverage(summary: Summary, options: ReportOptions) -> Iterator[str]:
    yield from passed_over_lines(summary.not_analysed, options)
    if summary.without_objects and summary.objects:
        yield f"Passed over: {_count(summary.without_objects, 'file')} without a Kubernetes object."
    if summary.unknown_kinds:
        yield f"Kinds that no rule knows: {_kinds(summary.unknown_kinds, options)}"
    if summary.unresolved:
        leave = "reference leaves" if summary.unresolved == 1 else "references leave"
        yield (
            f"{summary.unresolved} {leave} these files, so nothing is said of the targets "
            "(--assume complete takes them for missing)."
        )
    yield from map(printable, summary.notes)
    if options.verbose and summary.meshes:
        counted = ", ".join(f"{mesh} ({count})" for mesh, count in summary.meshes.items())
        yield f"Objects of the meshes: {counted}."
    if options.verbose and summary.kinds:
        yield f"Kinds: {_kinds(summary.kinds, options)}"


def _kinds(kinds: Mapping[str, int], options: ReportOptions) -> str:
    ordered = sorted(kinds.items(), key=lambda item: (-item[1], item[0]))
    shown = ordered if options.verbose else ordered[: 2 * _EXAMPLES]
    rest = len(ordered) - len(shown)
    named = [f"{printable(kind)} ({count})" for kind, count in shown]
    return ", ".join(named) + (f" and {rest} more" if rest else "") + "."


def _listed(parts: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(parts[:-1]), parts[-1]]))


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
