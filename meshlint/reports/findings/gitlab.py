"""GitLab's code quality report: an array of issues (GitLab docs, "Code Quality report format").

GitLab shows issues of a merge request that its target branch does not have, and knows them by their
fingerprint, of which it reads each only once.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from meshlint.engine.finding import Finding
from meshlint.engine.outcome import Outcome
from meshlint.engine.rule import Severity
from meshlint.reports.shared.options import ReportOptions
from meshlint.reports.shared.style import printable

_SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "major", Severity.INFO: "info"}


def write(outcome: Outcome, options: ReportOptions) -> Iterator[str]:
    """The report as one indented JSON value."""
    issues = [_issue(finding, options) for finding in outcome.findings]
    yield json.dumps(issues, indent=2, ensure_ascii=False)


def _issue(finding: Finding, options: ReportOptions) -> dict[str, Any]:
    span = finding.location.span
    more = f" ({len(finding.others)} more places)" if finding.others else ""
    issue: dict[str, Any] = {
        "type": "issue",
        "description": printable(finding.message) + more,
        "check_name": f"{finding.rule} {finding.name}",
        "categories": ["Security" if finding.rule.startswith(("AUTHZ", "MTLS")) else "Bug Risk"],
        "fingerprint": finding.fingerprint,
        "severity": _SEVERITIES[finding.severity],
        "location": {
            "path": options.repository_path(finding.location.file),
            "lines": {"begin": span.line, "end": max(span.line, span.end_line)},
        },
    }
    if finding.hint:
        issue["content"] = {"body": printable(finding.hint)}
    return issue
