"""What is told where an object is written several times."""

from __future__ import annotations

from collections.abc import Sequence

from meshlint.engine.finding import Finding
from meshlint.engine.outcome import Outcome
from meshlint.engine.suppression.acceptance import merged
from meshlint.resources.versions import View
from meshlint.values import evolve

_OF_TEXTS = "HYGIENE"
Seen = tuple[View, Outcome]


def by_view(whole: Outcome, seen: Sequence[Seen]) -> Outcome:
    """Of `whole`, where all versions count, what is about texts; all else as it is seen from its own file.

    Where several versions are as near, what is told holds with each of them.
    """
    told: dict[tuple[object, ...], Finding] = {}
    for view, outcome in seen:
        for finding in outcome.findings:
            if finding.location.file in view.homes and _holds(finding, seen):
                told.setdefault(_identity(finding), finding)
    texts = [one for one in whole.findings if one.rule.startswith(_OF_TEXTS)]
    rest = [one for one in told.values() if not one.rule.startswith(_OF_TEXTS)]
    suppressed = {
        _identity(one): one for outcome in (whole, *(one for _, one in seen)) for one in outcome.suppressed
    }
    return evolve(
        whole,
        findings=tuple(sorted((*texts, *rest), key=lambda one: one.sort_key)),
        suppressed=tuple(suppressed.values()),
        accepted=merged(one for outcome in (whole, *(one for _, one in seen)) for one in outcome.accepted),
        summary=evolve(whole.summary, suppressed=len(suppressed)),
    )


def _holds(finding: Finding, seen: Sequence[Seen]) -> bool:
    """Whether a finding is told from its file with each of the nearest versions, itself among them."""
    place = finding.location
    concerned = [
        outcome
        for view, outcome in seen
        if place.file in view.homes and not view.hides(place.file, place.span.line)
    ]
    return all(_identity(finding) in {_identity(one) for one in outcome.findings} for outcome in concerned)


def _identity(finding: Finding) -> tuple[object, ...]:
    return finding.rule, finding.location, finding.path
