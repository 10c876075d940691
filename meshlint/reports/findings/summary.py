"""What was looked at and what was not, for the end of a run: told on stderr, beside any report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from meshlint.engine.baseline.model import Entry
from meshlint.engine.finding import Finding
from meshlint.engine.outcome import NotAnalysed, Outcome, Summary
from meshlint.engine.rule import Severity
from meshlint.reports.shared.options import ReportOptions
from meshlint.reports.shared.style import paint, printable

_EXAMPLES = 3


def summary_lines(outcome: Outcome, options: ReportOptions) -> Iterator[str]:
    """The result first, then everything that was passed over, each with what can be done about it."""
    yield _result(outcome, options)
    yield from before_lines(outcome, options)
    yield from _coverage(outcome.summary, options)
    if outcome.findings:
        worst = max(outcome.findings, key=lambda finding: finding.severity)
        yield f"Why it matters and how to mend it: meshlint explain {worst.rule}"


def before_lines(outcome: Outcome, options: ReportOptions) -> Iterator[str]:
    """What was there before: how much is held back, and what is no longer true of it."""
    since, baseline = outcome.since, outcome.baseline
    if since is not None:
        yield (
            f"Since {printable(since.name)}: {len(outcome.findings) + _grouped(outcome)} new, "
            f"{len(since.gone)} gone, {len(since.held)} unchanged."
        )
        yield from _entries(since.gone, "gone", options)
    if baseline is None:
        return
    name = printable(baseline.name)
    yield f"Held back: {_count(len(baseline.held), 'finding')} of {name}."
    if baseline.worse:
        again = "it is" if baseline.worse == 1 else "they are"
        yield f"{_count(baseline.worse, 'finding')} of {name} got worse, so {again} told again."
    for entry in baseline.expired:
        yield f"Accepted in {name} until {entry.until}, so told again: {_told(entry)}"
    if baseline.gone:
        count = len(baseline.gone)
        yield f"{count} of the entries of {name} no longer {'occurs' if count == 1 else 'occur'}."
        yield f"  {paint('help', 'help', color=options.color)}: meshlint baseline --prune takes them out."
        yield from _entries(baseline.gone, "no longer occurs", options)


def _grouped(outcome: Outcome) -> int:
    return sum(len(finding.others) for finding in outcome.findings)


def _entries(entries: Iterable[Entry], word: str, options: ReportOptions) -> Iterator[str]:
    if options.verbose:
        yield from (f"  {word}: {_told(entry)}" for entry in entries)


def _told(entry: Entry) -> str:
    return printable(f"{entry.rule}: {entry.says}")


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
    new = "new " if outcome.since is not None or outcome.baseline is not None else ""
    if outcome.findings:
        of_new = f" that {'is' if len(outcome.findings) == 1 else 'are'} new" if new else ""
        return f"Found {_severities(outcome.findings, options)}{of_new} ({where}{suppressed})."
    if not summary.objects:
        return f"Nothing was linted: no Kubernetes object in {_count(summary.files, 'file')}."
    if summary.meshes == {}:
        return f"No findings, for nothing of a mesh was read ({where}{suppressed})."
    return f"{paint('help', f'No {new}findings', color=options.color)} ({where}{suppressed})."


def _severities(findings: Iterable[Finding], options: ReportOptions) -> str:
    counts = Counter(finding.severity for finding in findings)
    parts = [
        paint(str(severity), _graded(counts[severity], severity), color=options.color)
        for severity in sorted(counts, reverse=True)
    ]
    return _listed(parts)


def _graded(count: int, severity: Severity) -> str:
    """`2 errors`; the lowest level is a word without a plural, the same one everywhere."""
    return f"{count:,} {severity}" if severity is Severity.INFO else _count(count, str(severity))


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
