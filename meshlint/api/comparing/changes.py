"""Which findings have to do with files that were changed."""

from __future__ import annotations

from collections.abc import Callable, Collection

from meshlint.api.reading.project import Project, without_files
from meshlint.api.requests.request import Request
from meshlint.engine.finding import Finding
from meshlint.engine.outcome import Outcome
from meshlint.sources import display_path
from meshlint.values import evolve


def absent(request: Request) -> tuple[str, ...]:
    """The changed files that are there no more."""
    return tuple(path for path in request.changed if not (request.directory / path).exists())


def caused_by(
    request: Request,
    outcome: Outcome,
    project: Project,
    check: Callable[[Project], Outcome],
    committed: Collection[Finding] | None = None,
) -> Outcome:
    """`outcome` limited to findings in the changed files, and to those elsewhere that they bring about.

    A finding elsewhere is theirs if they are among its related places, or if it is gone once they are left
    out of the set. Where some were removed, it is theirs, too, if it was not among what was found in the
    files as they were `committed`.
    """
    changed = {display_path(path, str(request.directory)) for path in request.changed}
    elsewhere = [finding for finding in outcome.findings if not _touches(finding, changed)]
    if not elsewhere:
        return outcome
    before = {_same(finding) for finding in check(without_files(project, changed)).findings}
    if committed is not None:
        before &= {_same(finding) for finding in committed}
    foreign = {finding.fingerprint for finding in elsewhere if _same(finding) in before}
    kept = tuple(finding for finding in outcome.findings if finding.fingerprint not in foreign)
    return evolve(outcome, findings=kept)


def _touches(finding: Finding, changed: set[str]) -> bool:
    places = [finding.location, *finding.others, *(place.location for place in finding.related)]
    return any(place.file in changed for place in places)


def _same(finding: Finding) -> tuple[str, str]:
    return finding.rule, finding.fingerprint
