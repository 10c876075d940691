"""Conditions as controllers write them into `status`, and what speaks against one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import Enum

from meshlint.documents import Field
from meshlint.values import frozen


class Truth(Enum):
    """The status of a condition; `Unknown` where it depends on what no file shows."""

    TRUE = "True"
    FALSE = "False"
    UNKNOWN = "Unknown"


@frozen(eq=False, repr=False)
class Objection:
    """Why a condition is not met: the reason that a controller gives, what is wrong in words, and where.

    It is not `certain` where it depends on what no file shows; `words` then say on what.
    """

    reason: str
    words: str
    field: Field
    certain: bool = True


@frozen(eq=False, repr=False)
class Condition:
    """One condition. Of an unknown one, `reason` is what it will say if it fails."""

    type: str
    truth: Truth
    reason: str
    words: str = ""
    field: Field | None = None

    @property
    def is_met(self) -> bool:
        """Whether it is surely as one wants it to be."""
        wanted = Truth.FALSE if self.type in NEGATIVE else Truth.TRUE
        return self.truth is wanted


NEGATIVE = frozenset({"Conflicted", "OverlappingTLSConfig", "InsecureFrontendValidationMode"})
"""Conditions that are bad if they are true."""
ACCEPTED = "Accepted"
RESOLVED = "ResolvedRefs"
PROGRAMMED = "Programmed"
CONFLICTED = "Conflicted"


def met(kind: str, reason: str | None = None, words: str = "") -> Condition:
    """A condition that holds; its reason is its own name where none is given."""
    return Condition(kind, Truth.TRUE, reason or kind, words)


def judged(kind: str, objection: Objection | None, reason: str | None = None) -> Condition:
    """A condition with what speaks against it, if anything does."""
    if objection is None:
        return met(kind, reason)
    truth = Truth.FALSE if objection.certain else Truth.UNKNOWN
    return Condition(kind, truth, objection.reason, objection.words, objection.field)


def first(objections: Iterable[Objection]) -> Objection | None:
    """The first that is certain, or else the first."""
    found = tuple(objections)
    return next((one for one in found if one.certain), found[0] if found else None)


def last(objections: Sequence[Objection]) -> Objection | None:
    """The last that is certain, or else the last."""
    return first(tuple(reversed(objections)))


def of_type(conditions: Iterable[Condition], kind: str) -> Condition | None:
    """The condition of that type."""
    return next((one for one in conditions if one.type == kind), None)
