"""Findings that hold whatever comes to stand where the files leave something open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol, TypeVar

from meshlint.engine.finding import Location
from meshlint.engine.plan import Plan
from meshlint.engine.presence import Presence
from meshlint.engine.raised import Raised
from meshlint.engine.run import Worlds, seen
from meshlint.values import evolve

World = TypeVar("World")
Identity = tuple[str, Location]


class Doubts(Protocol[World]):
    """What is open in a set of manifests, and the worlds that come of closing it in one way or another."""

    def told(self, raised: Raised) -> Raised | None:
        """`raised` in words that name nothing open; None if it speaks of just that."""
        ...

    @property
    def is_settled(self) -> bool:
        """Whether the worlds are all that matter, and not a few of them for want of time."""
        ...

    def may_touch(self, raised: Raised) -> bool:
        """Whether something open stands where `raised` points to."""
        ...

    def worlds(self) -> Iterator[Worlds[World]]:
        """Worlds in which the open values are this or that."""
        ...

    def worlds_against(self, found: Iterable[Raised]) -> Iterator[Worlds[World]]:
        """Worlds made to do away with `found`."""
        ...


_LOCAL = frozenset({"SCHEMA", "HYGIENE", "UPGRADE"})
"""Families that look at one value at a time, so that only an open one is in doubt."""


def certain(found: Sequence[Raised], doubts: Doubts[World], plan: Plan, presence: Presence) -> list[Raised]:
    """Those of `found` that hold in every world of `doubts`.

    Where there are too many worlds to ask about, what points to an object with something open is not told.
    """
    left = [told for raised in found if (told := doubts.told(raised)) is not None]
    if not doubts.is_settled:
        left = [raised for raised in left if raised.rule.family in _LOCAL or not doubts.may_touch(raised)]
    left = _holding(left, doubts.worlds(), plan, presence)
    return _holding(left, doubts.worlds_against(left), plan, presence)


def _holding(
    left: list[Raised], worlds: Iterable[Worlds[World]], plan: Plan, presence: Presence
) -> list[Raised]:
    for world in worlds if left else ():
        names = {raised.rule.id for raised in left}
        rules = tuple(rule for rule in plan.rules if rule.id in names)
        there = {(one.rule.id, one.location) for one in seen(evolve(plan, rules=rules), world, presence)}
        left = [raised for raised in left if _identity(raised) in there]
        if not left:
            break
    return left


def _identity(raised: Raised) -> Identity:
    return raised.rule.id, raised.finding.location
