"""Exact sets of port numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshlint.values import frozen

from . import intervals

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .intervals import Intervals

HIGHEST_PORT = 65535


def port_number(value: object) -> int | None:
    """Read a port written as an integer or as its decimal text; None for anything else or out of 0 to 65535.

    Istio takes the whole of 0 to 65535 as decimal text without sign or wildcard, with any number of zeros
    before it (Istio: authorization ports; Go: strconv.ParseUint).
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        if not (value.isascii() and value.isdigit() and len(value.lstrip("0")) <= 5):
            return None
        value = int(value.lstrip("0") or "0")
    return value if isinstance(value, int) and 0 <= value <= HIGHEST_PORT else None


@frozen
class PortSet:
    """Which destination ports are meant: a set of integers from 0 to 65535, closed under set operations."""

    spans: Intervals = intervals.EMPTY

    @classmethod
    def of(cls, *ports: int) -> PortSet:
        """Hold just these ports; numbers out of range are left out."""
        return cls.ranges((port, port) for port in ports)

    @classmethod
    def ranges(cls, pairs: Iterable[tuple[int, int]]) -> PortSet:
        """Hold every port from the first to the second number of each pair, both included."""
        return cls(intervals.intersection(intervals.normalise(pairs), ((0, HIGHEST_PORT),)))

    @classmethod
    def any(cls) -> PortSet:
        """Hold every port."""
        return cls(((0, HIGHEST_PORT),))

    def admits(self, port: int) -> bool:
        """Tell whether the port is a member."""
        return intervals.contains(self.spans, port)

    def union(self, other: PortSet) -> PortSet:
        """Hold what either set holds."""
        return PortSet(intervals.union(self.spans, other.spans))

    def intersection(self, other: PortSet) -> PortSet:
        """Hold what both sets hold."""
        return PortSet(intervals.intersection(self.spans, other.spans))

    def difference(self, other: PortSet) -> PortSet:
        """Hold what this set holds and the other does not."""
        return PortSet(intervals.difference(self.spans, other.spans))

    def complement(self) -> PortSet:
        """Hold every port this set does not hold."""
        return PortSet.any().difference(self)

    __or__ = union
    __and__ = intersection
    __sub__ = difference
    __invert__ = complement

    def is_empty(self) -> bool:
        """Tell whether no port is held."""
        return not self.spans

    def is_any(self) -> bool:
        """Tell whether every port is held."""
        return self == PortSet.any()

    def is_subset(self, other: PortSet) -> bool:
        """Tell whether the other set holds every port of this one."""
        return intervals.is_subset(self.spans, other.spans)

    def overlaps(self, other: PortSet) -> bool:
        """Tell whether some port is in both sets."""
        return bool(intervals.intersection(self.spans, other.spans))

    def example(self) -> int | None:
        """Return the lowest port that is held and is not 0 unless it is the only one; None when empty."""
        positive = intervals.difference(self.spans, ((0, 0),)) or self.spans
        return positive[0][0] if positive else None

    def describe(self) -> str:
        """Name the set for a message: `80, 8000-8010`, `any port`, `no port`."""
        if self.is_any():
            return "any port"
        spans = (str(low) if low == high else f"{low}-{high}" for low, high in self.spans)
        return ", ".join(spans) or "no port"
