"""Which findings does a change bring, and which does it take away?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from meshlint.engine.finding import Finding
from meshlint.reports.differences.answer import Findings


def compared_findings(before: Iterable[Finding], after: Iterable[Finding]) -> Findings:
    """The findings of two sides, told apart by what they mean and not by where they stand.

    One that is graver than before is new, and its milder form gone.
    """
    old, new = Counter(map(_meaning, before)), Counter(map(_meaning, after))
    return Findings(_beyond(after, old), _beyond(before, new), (old & new).total())


def _meaning(finding: Finding) -> tuple[str, str, int]:
    return finding.rule, finding.fingerprint, int(finding.severity)


def _beyond(findings: Iterable[Finding], known: Counter[tuple[str, str, int]]) -> tuple[Finding, ...]:
    left = known.copy()
    found = []
    for finding in findings:
        meaning = _meaning(finding)
        if left[meaning]:
            left[meaning] -= 1
        else:
            found.append(finding)
    return tuple(found)
