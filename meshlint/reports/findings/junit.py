"""JUnit's XML, which nearly every CI shows: a suite for each file, a case for each finding in it.

The dialect is that of Jenkins' schema `junit-10.xsd`; GitLab and Azure read the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape, quoteattr

from meshlint.engine.finding import Finding
from meshlint.engine.outcome import Outcome
from meshlint.reports.shared.options import ReportOptions
from meshlint.reports.shared.style import printable
from meshlint.values import regex

_FORBIDDEN = regex("[\ud800-\udfff\ufffe\uffff]")


def write(outcome: Outcome, options: ReportOptions) -> Iterator[str]:
    """The suites. A finding below the level that fails a run is a case that passes and says what was found.

    A file in which nothing was found is a suite with one case that passes, so that green is told, too.
    """
    by_file: dict[str, list[Finding]] = {file: [] for file in sorted(outcome.texts)}
    for finding in outcome.findings:
        by_file.setdefault(finding.location.file, []).append(finding)
    failed = sum(_fails(finding, outcome) for finding in outcome.findings)
    cases = sum(max(1, len(findings)) for findings in by_file.values())
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield f'<testsuites name="meshlint" tests="{cases}" failures="{failed}" errors="0">'
    for file, findings in by_file.items():
        yield from _suite(options.repository_path(file), findings, outcome)
    yield "</testsuites>"


def _suite(file: str, findings: Sequence[Finding], outcome: Outcome) -> Iterator[str]:
    failed = sum(_fails(finding, outcome) for finding in findings)
    counts = f'tests="{max(1, len(findings))}" failures="{failed}" errors="0" skipped="0"'
    yield f"  <testsuite name={_attribute(file)} {counts} file={_attribute(file)}>"
    for finding in findings:
        yield from _case(file, finding, fails=_fails(finding, outcome))
    if not findings:
        yield f'    <testcase name="no findings" classname={_attribute(file)}/>'
    yield "  </testsuite>"


def _case(file: str, finding: Finding, *, fails: bool) -> Iterator[str]:
    place = f"{file}:{finding.location.span.line}"
    name = f"{finding.rule} {finding.name} at {place}"
    yield f"    <testcase name={_attribute(name)} classname={_attribute(str(finding.object or file))}>"
    told = escape(_clean("\n".join(_words(place, finding))))
    if fails:
        words = f"message={_attribute(finding.message)} type={_attribute(str(finding.severity))}"
        yield f"      <failure {words}>{told}</failure>"
    else:
        yield f"      <system-out>{told}</system-out>"
    yield "    </testcase>"


def _words(place: str, finding: Finding) -> Iterator[str]:
    yield f"{place}: {finding.severity}: {printable(finding.message)}"
    for related in finding.related:
        yield f"{printable(str(related.location))}: {printable(related.message)}"
    yield from (f"the same at {printable(str(other))}" for other in finding.others)
    if finding.hint:
        yield f"help: {printable(finding.hint)}"
    yield f"more: meshlint explain {finding.rule}"


def _fails(finding: Finding, outcome: Outcome) -> bool:
    return outcome.fail_on is not None and finding.severity >= outcome.fail_on


def _attribute(text: str) -> str:
    return quoteattr(_clean(printable(text)))


def _clean(text: str) -> str:
    """Without what XML 1.0 cannot hold."""
    return _FORBIDDEN.sub("�", text)
