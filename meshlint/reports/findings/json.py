"""The report for programs: versioned, and described by `schemas/report.json`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from meshlint import __version__
from meshlint.engine.baseline.model import Entry
from meshlint.engine.finding import Finding
from meshlint.engine.outcome import Before, Outcome, Summary
from meshlint.engine.rule import Rule
from meshlint.reports.shared.json_places import stretch
from meshlint.reports.shared.options import ReportOptions

VERSION = "1"


def write(outcome: Outcome, options: ReportOptions) -> Iterator[str]:  # noqa: ARG001
    """The report as one indented JSON value."""
    report = {
        "version": VERSION,
        "tool": {"name": "meshlint", "version": __version__},
        "findings": [finding_data(finding) for finding in outcome.findings],
        "suppressed": [finding_data(finding) for finding in outcome.suppressed],
        "rules": [_rule(rule) for rule in outcome.rules],
        "summary": _summary(outcome.summary),
        "baseline": _before(outcome.baseline),
        "since": _before(outcome.since),
    }
    yield json.dumps(report, indent=2, ensure_ascii=False)


def finding_data(finding: Finding) -> dict[str, Any]:
    """One finding as plain data."""
    named = finding.object
    return {
        "rule": finding.rule,
        "name": finding.name,
        "severity": str(finding.severity),
        "message": finding.message,
        "hint": finding.hint,
        "location": stretch(finding.location),
        "object": None
        if named is None
        else {"group": named.group, "kind": named.kind, "namespace": named.namespace, "name": named.name},
        "path": list(finding.path),
        "fingerprint": finding.fingerprint,
        "related": [
            {"location": stretch(related.location), "message": related.message} for related in finding.related
        ],
        "others": [stretch(place) for place in finding.others],
    }


def _before(before: Before | None) -> dict[str, Any] | None:
    if before is None:
        return None
    return {
        "name": before.name,
        "unchanged": [finding_data(finding) for finding in before.held],
        "gone": [_entry(entry) for entry in before.gone],
        "expired": [_entry(entry) for entry in before.expired],
        "worse": before.worse,
    }


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "rule": entry.rule,
        "severity": str(entry.severity),
        "message": entry.says,
        "object": entry.object,
        "fingerprint": entry.id,
        "location": stretch(entry.place),
    }


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "name": rule.name,
        "summary": rule.summary,
        "severity": str(rule.severity),
        "profile": str(rule.profile),
        "confidence": str(rule.confidence),
    }


def _summary(summary: Summary) -> dict[str, Any]:
    return {
        "files": summary.files,
        "documents": summary.documents,
        "objects": summary.objects,
        "kinds": dict(summary.kinds),
        "unknown_kinds": dict(summary.unknown_kinds),
        "without_objects": summary.without_objects,
        "not_analysed": [
            {"reason": group.reason, "paths": list(group.paths), "hint": group.hint}
            for group in summary.not_analysed
        ],
        "unresolved": summary.unresolved,
        "suppressed": summary.suppressed,
        "notes": list(summary.notes),
    }
