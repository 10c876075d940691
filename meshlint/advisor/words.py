"""Numbers and lists in words, alike in every sentence of the advice."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

_MOST_LISTED = 4


def percent(share: Fraction) -> str:
    """A share as a percentage with two significant digits."""
    return f"{rounded(share * 100)} %"


def rounded(value: Fraction) -> str:
    """A number with two significant digits, or as a whole number from ten on, with thousands apart."""
    if abs(value) >= 10:
        return f"{round(value):,}"
    text = f"{float(value):.2g}"
    return text if "e" not in text else f"{float(value):.6f}".rstrip("0").rstrip(".") or "0"


def about(value: Fraction) -> str:
    """A whole number with two significant digits: what is known roughly."""
    whole = round(value)
    digits = max(len(str(abs(whole))) - 2, 0)
    return f"{round(whole, -digits):,}"


def plural(count: int, word: str) -> str:
    """A count with its word."""
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"


def listed(words: Sequence[str], between: str = ", ") -> str:
    """The words in a row; of a long row the beginning, and how many more there are."""
    if len(words) <= _MOST_LISTED:
        return between.join(words)
    return between.join(words[:_MOST_LISTED]) + f" and {len(words) - _MOST_LISTED} more"
