"""Amounts as Kubernetes writes them: `250m`, `64Mi`, `1e3`."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from meshlint.values import regex

if TYPE_CHECKING:
    from fractions import Fraction

_QUANTITY = regex(
    r"(?P<number>[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+))"
    r"(?P<suffix>[KMGTPE]i|[numkMGTPE]|[eE](?P<exponent>[+-]?[0-9]{1,3}))?",
    re.ASCII,
)
_DECIMAL = {"n": -9, "u": -6, "m": -3, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_BINARY = {"Ki": 10, "Mi": 20, "Gi": 30, "Ti": 40, "Pi": 50, "Ei": 60}
_LONGEST = 64
_MOST_KEPT = 1024


def quantity(value: object) -> Fraction | None:
    """The amount that `value` (a text, or a number that YAML has read already) stands for, exactly.

    None if it is not a quantity. (Kubernetes: resource.Quantity; its rounding to billionths is left out.)
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return _amount(value) if isinstance(value, int) else _written(str(value))


def _amount(value: int) -> Fraction:
    from fractions import Fraction  # exact numbers take long to load, and few objects state amounts

    return Fraction(value)


@lru_cache(_MOST_KEPT)
def _written(text: str) -> Fraction | None:
    """What a text says, which many containers say alike."""
    from fractions import Fraction

    match = _QUANTITY.fullmatch(text) if len(text) <= _LONGEST else None
    if match is None:
        return None
    base, power = _scale(match["suffix"], match["exponent"])
    return Fraction(match["number"]) * Fraction(base) ** power


def _scale(suffix: str | None, exponent: str | None) -> tuple[int, int]:
    """Base and power of what a suffix or an exponent multiplies by."""
    if suffix is None:
        return 1, 1
    if exponent is not None:
        return 10, int(exponent)
    return (2, _BINARY[suffix]) if suffix in _BINARY else (10, _DECIMAL[suffix])
