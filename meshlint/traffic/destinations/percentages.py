"""Whether an author took weights for percentages, and what they come to instead."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from meshlint.traffic.destinations.shares import Share, Split, Weighting

if TYPE_CHECKING:
    from fractions import Fraction

_NEAR = (80, 120)
_ROUND = 5
_WHOLE = 100


def mistaken_for_percentages(splits: Iterable[Split]) -> tuple[Split, ...]:
    """The splits whose weights read as percentages though they do not sum to 100.

    Small ratios (1 to 3), a scale of 10 or 1000, equal weights and thirds rounded to 33 are left alone.
    """
    found = tuple(split for split in splits if len(split.shares) > 1)
    whole = Counter(id(split.resource) for split in found if len(_running(split)) > 1 and _is_whole(split))
    return tuple(split for split in found if _is_mistaken(split, whole[id(split.resource)] > 0))


def furthest(split: Split) -> Share:
    """The destination whose real part is furthest from the percentage that its weight looks like."""
    return max(_running(split), key=lambda share: abs(split.part(share) * _WHOLE - share.weight))


def percent(part: Fraction) -> str:
    """A part of 1 as a percentage with at most one decimal, such as `88.9 %`."""
    rounded = round(part * _WHOLE, 1)
    return f"{float(rounded):g} %"


def _is_mistaken(split: Split, others_are_percentages: bool) -> bool:
    running = _running(split)
    weights = [share.weight for share in running]
    written = all(share.written is not None for share in split.shares)
    if len(running) < 2 or not written or _is_whole(split) or _is_rounded(split):
        return False
    if any(weight.denominator != 1 or weight > _WHOLE for weight in weights):
        return False
    near = _NEAR[0] <= split.total <= _NEAR[1]
    if split.weighting is not Weighting.ISTIO:
        return near and max(weights) < _WHOLE and len(set(weights)) > 1
    if near or len(set(weights)) == 1:
        return near
    return max(weights) >= (_WHOLE / 10 if others_are_percentages else _WHOLE / 2) and _are_round(weights)


def _running(split: Split) -> tuple[Share, ...]:
    return tuple(share for share in split.shares if share.weight > 0)


def _is_whole(split: Split) -> bool:
    return split.total == _WHOLE


def _is_rounded(split: Split) -> bool:
    """Tell whether each weight is its real percentage, cut to a whole number."""
    return all(abs(split.part(share) * _WHOLE - share.weight) * 2 < 1 for share in split.shares)


def _are_round(weights: Iterable[Fraction | int]) -> bool:
    return all(weight % _ROUND == 0 for weight in weights)
