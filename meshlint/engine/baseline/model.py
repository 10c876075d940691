"""What a baseline holds: findings that were there when it was written."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from meshlint import __version__
from meshlint.documents import Span
from meshlint.engine.finding import Finding, Location
from meshlint.engine.rule import Severity
from meshlint.values import field, frozen

UNNAMED = ""


@frozen(order=True, repr=False)
class Entry:
    """A finding that was there: what was said of which object, and how bad it was.

    `id` is the finding's fingerprint, so it outlives a move of the text. `object` is `Kind namespace/name`,
    empty where a text rather than an object is at fault. `why` is the reason for which it is accepted, up to
    and including the day `until`. `place` is its line in the file of the baseline.
    """

    rule: str
    object: str
    says: str
    id: str
    severity: Severity = Severity.WARNING
    why: str = ""
    until: date | None = field(default=None, order=False)
    place: Location = field(factory=lambda: Location("", Span.at(1, 1)), eq=False, order=False)

    @property
    def cause(self) -> str:
        """What equal findings share: the id without the number that tells them apart."""
        return self.id.partition(":")[0]

    def is_over(self, today: date) -> bool:
        """Whether its last day is behind us."""
        return self.until is not None and self.until < today


@frozen(repr=False)
class Baseline:
    """The findings that were there, found by the release `version` in `paths`.

    `paths` count from the directory of `file`, the display path of the baseline.
    """

    entries: tuple[Entry, ...] = ()
    paths: tuple[str, ...] = ()
    version: str = __version__
    file: str = UNNAMED


def entries_of(findings: Iterable[Finding]) -> tuple[Entry, ...]:
    """The entries for `findings`, in the order of the file: by rule, object and words."""
    return tuple(sorted(entry_of(finding) for finding in findings))


def entry_of(finding: Finding) -> Entry:
    """The entry that holds `finding`."""
    named = str(finding.object) if finding.object is not None else UNNAMED
    return Entry(finding.rule, named, finding.message, finding.fingerprint, finding.severity)
