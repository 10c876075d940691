"""Ranges of amounts: what something takes at least, typically and at most."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from meshlint.values import frozen


@frozen
class Range:
    """An amount that is known roughly. The arithmetic is exact, so that no order of adding matters."""

    low: Fraction
    typical: Fraction
    high: Fraction

    def times(self, factor: Fraction | int) -> Range:
        """The range of so many of them; `factor` is not negative."""
        return Range(self.low * factor, self.typical * factor, self.high * factor)

    def plus(self, other: Range) -> Range:
        """The range of both together."""
        return Range(self.low + other.low, self.typical + other.typical, self.high + other.high)

    def overlaps(self, other: Range) -> bool:
        """Whether some amount lies in both."""
        return self.low <= other.high and other.low <= self.high


ZERO = Range(Fraction(0), Fraction(0), Fraction(0))


def total(ranges: Iterable[Range]) -> Range:
    """All of them together."""
    result = ZERO
    for one in ranges:
        result = result.plus(one)
    return result
