"""Which findings does a change bring, and which does it take away?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from meshlint.engine.baseline import Baseline, hold
from meshlint.engine.baseline.model import entry_of
from meshlint.engine.finding import Finding
from meshlint.reports.differences.answer import Findings


def compared_findings(before: Sequence[Finding], after: Sequence[Finding]) -> Findings:
    """The findings of two sides, told apart by what they mean and not by where they stand.

    One that is graver than before is new. None of them may be grouped yet.
    """
    entries = [entry_of(finding) for finding in before]
    was = {id(entry): finding for entry, finding in zip(entries, before, strict=True)}
    held = hold(after, Baseline(tuple(entries)), date.min)
    gone = sorted((was[id(entry)] for entry in held.gone), key=lambda one: one.sort_key)
    return Findings(held.new, tuple(gone), len(held.held))
