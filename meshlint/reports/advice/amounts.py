"""Amounts of an advice as people read them: cores, GiB, shares and money, each with its range."""

from __future__ import annotations

from fractions import Fraction

from meshlint.advisor.cost.ranges import Range
from meshlint.advisor.words import percent, rounded

_MIB, _GIB = 2**20, 2**30
UNKNOWN = "-"


def cores(amount: Range | None) -> str:
    """CPU: `0.21 (0.1 to 0.5)`."""
    return UNKNOWN if amount is None else _ranged(amount)


def memory(amount: Range | None) -> str:
    """Memory in the unit that fits the typical amount: `1.2 GiB (0.8 to 2.1)`."""
    if amount is None:
        return UNKNOWN
    unit, size = ("GiB", _GIB) if amount.typical >= _GIB else ("MiB", _MIB)
    scaled = amount.times(Fraction(1, size))
    return f"{rounded(scaled.typical)} {unit} ({rounded(scaled.low)} to {rounded(scaled.high)})"


def share(amount: Range | None) -> str:
    """A share: `4.5 % (2.1 to 9)`; an end above all that is requested says no more than that."""
    if amount is None:
        return UNKNOWN
    low, high = (
        percent(end).removesuffix(" %") if end <= 1 else "over 100" for end in (amount.low, amount.high)
    )
    return f"{percent(amount.typical)} ({low} to {high})"


def money(amount: Range | None) -> str:
    """Money in a month, in the unit of the prices."""
    return UNKNOWN if amount is None else _ranged(amount)


def plain_cores(amount: Fraction) -> str:
    """CPU that is exact."""
    return f"{rounded(amount)} cores"


def plain_memory(amount: Fraction) -> str:
    """Memory that is exact."""
    return f"{rounded(amount / _GIB)} GiB" if amount >= _GIB else f"{rounded(amount / _MIB)} MiB"


def _ranged(amount: Range) -> str:
    return f"{rounded(amount.typical)} ({rounded(amount.low)} to {rounded(amount.high)})"
