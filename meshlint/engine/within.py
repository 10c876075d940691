"""Findings that bring together what is never in one cluster, such as exercises side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from meshlint.checks.hit import Hit, Related
from meshlint.engine.raised import Raised, file_of, raise_hit
from meshlint.resources.side_by_side import Collections
from meshlint.values import evolve


def within(found: Iterable[Raised], collections: Collections) -> Iterator[Raised]:
    """What of `found` holds within one of the things that lie side by side.

    A hit that rests on a place in another of them does not hold; who is affected there is not named.
    """
    for raised in found:
        apart = _apart(raised.hit, collections) if collections.directories else ()
        if not apart:
            yield raised
        elif all(place.concerns for place in apart):
            near = tuple(place for place in raised.hit.related if place not in apart)
            yield raise_hit(raised.rule, evolve(raised.hit, related=near))


def holds_within(hit: Hit, collections: Collections) -> bool:
    """Whether a hit rests on nothing in another of the things that lie side by side."""
    return not collections.directories or all(place.concerns for place in _apart(hit, collections))


def _apart(hit: Hit, collections: Collections) -> tuple[Related, ...]:
    if not hit.related:
        return ()
    file = file_of(hit.at, on_key=hit.on_key)
    return tuple(one for one in hit.related if collections.are_apart(file, file_of(one.at)))
