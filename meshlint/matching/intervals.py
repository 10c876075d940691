"""Exact sets of integers, the ground for ports, addresses and characters.

A set is a tuple of closed intervals, sorted, disjoint and with a gap between neighbours.

Every function takes and returns such a normal form, so two equal sets are equal tuples.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Interval: TypeAlias = tuple[int, int]
Intervals: TypeAlias = tuple[Interval, ...]

EMPTY: Intervals = ()


def normalise(pairs: Iterable[Interval]) -> Intervals:
    """Sort, drop empty pairs (low over high) and join what overlaps or touches."""
    joined: list[Interval] = []
    for low, high in sorted(pair for pair in pairs if pair[0] <= pair[1]):
        if joined and low <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(joined[-1][1], high))
        else:
            joined.append((low, high))
    return tuple(joined)


def contains(intervals: Intervals, value: int) -> bool:
    """Tell whether the value lies in one of the intervals, in logarithmic time."""
    index = bisect_right(intervals, value, key=_low) - 1
    return index >= 0 and value <= intervals[index][1]


def union(left: Intervals, right: Intervals) -> Intervals:
    """Return what lies in either set."""
    return normalise((*left, *right)) if left and right else left or right


def intersection(left: Intervals, right: Intervals) -> Intervals:
    """Return what lies in both sets."""
    return tuple(_common(left, right))


def complement(intervals: Intervals, low: int, high: int) -> Intervals:
    """Return what lies between low and high (both included) but not in the set."""
    gaps: list[Interval] = []
    start = low
    for first, last in intervals:
        if first > start:
            gaps.append((start, min(first - 1, high)))
        start = max(start, last + 1)
    gaps.append((start, high))
    return tuple(gap for gap in gaps if gap[0] <= gap[1])


def difference(left: Intervals, right: Intervals) -> Intervals:
    """Return what lies in the left set but not in the right one."""
    if not left or not right:
        return left
    return intersection(left, complement(right, left[0][0], left[-1][1]))


def is_subset(left: Intervals, right: Intervals) -> bool:
    """Tell whether the right set holds every member of the left one."""
    return not difference(left, right)


def size(intervals: Intervals) -> int:
    """Count the members."""
    return sum(high - low + 1 for low, high in intervals)


def _common(left: Intervals, right: Intervals) -> Iterator[Interval]:
    i = j = 0
    while i < len(left) and j < len(right):
        low, high = max(left[i][0], right[j][0]), min(left[i][1], right[j][1])
        if low <= high:
            yield low, high
        if left[i][1] < right[j][1]:
            i += 1
        else:
            j += 1


def _low(interval: Interval) -> int:
    return interval[0]
