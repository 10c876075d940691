"""What has been accepted, as one list: where it is written, why, until when, and whether it does anything."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from meshlint.engine.finding import Location
from meshlint.values import evolve, frozen


class Way(StrEnum):
    """Where an acceptance is written."""

    COMMENT = "comment"
    ANNOTATION = "annotation"
    CONFIGURATION = "configuration"
    BASELINE = "baseline"


class State(StrEnum):
    """What an acceptance does today."""

    IN_USE = "in use"
    EXPIRED = "expired"
    UNUSED = "unused"
    UNSEEN = "not looked at"


@frozen(repr=False)
class Acceptance:
    """Findings that are accepted: those of the rules that `word` names, `about` saying of what.

    `findings` are the fingerprints of those that it covers today. `could_be_used` is whether this run could
    have found some. `until` is the last day on which it counts.
    """

    way: Way
    place: Location
    word: str
    about: str = ""
    why: str = ""
    until: date | None = None
    findings: frozenset[str] = frozenset()
    could_be_used: bool = True
    is_over: bool = False

    @property
    def state(self) -> State:
        """What it does today."""
        if self.is_over:
            return State.EXPIRED
        if self.findings:
            return State.IN_USE
        return State.UNUSED if self.could_be_used else State.UNSEEN


def merged(acceptances: Iterable[Acceptance]) -> tuple[Acceptance, ...]:
    """Each acceptance once, with what it covers in any of several looks at the same files."""
    found: dict[tuple[object, ...], Acceptance] = {}
    for one in acceptances:
        key = (one.way, one.place, one.word)
        known = found.get(key)
        found[key] = one if known is None else _both(known, one)
    return tuple(sorted(found.values(), key=lambda one: (one.way, one.place, one.word)))


def _both(one: Acceptance, other: Acceptance) -> Acceptance:
    return evolve(
        one,
        findings=one.findings | other.findings,
        could_be_used=one.could_be_used or other.could_be_used,
    )
