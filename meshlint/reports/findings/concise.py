"""One line for each finding, as compilers print them and editors read them."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.engine.finding import Finding
from meshlint.engine.outcome import Outcome
from meshlint.reports.shared.options import ReportOptions
from meshlint.reports.shared.style import paint, printable


def write(outcome: Outcome, options: ReportOptions) -> Iterator[str]:
    """A line `path:line:column: severity: message [rule]` for each finding."""
    for finding in outcome.findings:
        severity = str(finding.severity)
        word = paint(severity, severity, color=options.color)
        place = paint("strong", printable(str(finding.location)), color=options.color)
        rule = f"[{finding.rule} {finding.name}]"
        yield f"{place}: {word}: {printable(finding.message)}{_more(finding)} {rule}"


def _more(finding: Finding) -> str:
    count = len(finding.others)
    return f" (and {count} more {'place' if count == 1 else 'places'})" if count else ""
