"""What is plain about string forms without an automaton: True, False, or None for "not plainly"."""

from __future__ import annotations

from . import affixes, hulls
from .affixes import ANYTHING, NOTHING, Affixes
from .forms import Form, Meet, Not, Union, matcher
from .patterns import Pattern
from .regular import TooComplex
from .threefold import every, opposite, some


def plainly_subset(left: Form, right: Form) -> bool | None:
    """Tell whether the right form holds all that the left one holds, where that is plain to see."""
    if left in (right, NOTHING) or right == ANYTHING:
        return True
    if isinstance(left, Affixes) and is_listed(left):
        return _all_admitted(left, right)
    if isinstance(left, Affixes | Pattern) and isinstance(right, Affixes | Pattern):
        return _leaf_subset(left, right)
    match left, right:
        case Not(inner), Not(outer):
            return plainly_subset(outer, inner)
        case _, Not(outer):
            return opposite(plainly_overlap(left, outer))
        case Union(parts), _:
            return every(plainly_subset(part, right) for part in parts)
        case _, Meet(parts):
            return every(plainly_subset(left, part) for part in parts)
        case _, Union(parts):
            return some(plainly_subset(left, part) for part in parts) or None
        case Meet(parts), _:
            return some(plainly_subset(part, right) for part in parts) or None
        case _:
            return None


def plainly_overlap(left: Form, right: Form) -> bool | None:
    """Tell whether both forms hold a common text, where that is plain to see."""
    for one, other in ((left, right), (right, left)):
        if isinstance(one, Affixes) and is_listed(one):
            return _any_admitted(one, other)
    if isinstance(left, Affixes | Pattern) and isinstance(right, Affixes | Pattern):
        return _leaf_overlap(left, right)
    match left, right:
        case (Union(parts), other) | (other, Union(parts)):
            return some(plainly_overlap(part, other) for part in parts)
        case (Not(part), other) | (other, Not(part)) if not isinstance(other, Not):
            return opposite(plainly_subset(other, part))
        case (Meet(parts), other) | (other, Meet(parts)):
            disjoint = any(plainly_overlap(part, other) is False for part in parts)
            return False if disjoint else None
        case _:
            return None


def is_listed(form: Affixes) -> bool:
    """Tell whether the form is a list of words, each in one casing."""
    return form.is_finite() and not form.folded


def _leaf_subset(left: Affixes | Pattern, right: Affixes | Pattern) -> bool | None:
    if isinstance(left, Affixes):
        if isinstance(right, Affixes):
            return affixes.is_subset(left, right)
        return hulls.affixes_in_pattern(left, right.hull())
    if isinstance(right, Affixes):
        return hulls.pattern_in_affixes(left.hull(), right)
    return hulls.pattern_in_pattern(left.hull(), right.hull())


def _leaf_overlap(left: Affixes | Pattern, right: Affixes | Pattern) -> bool | None:
    if isinstance(left, Affixes):
        if isinstance(right, Affixes):
            return affixes.overlaps(left, right)
        return hulls.pattern_meets_affixes(right.hull(), left)
    if isinstance(right, Affixes):
        return hulls.pattern_meets_affixes(left.hull(), right)
    return hulls.patterns_meet(left.hull(), right.hull())


def _all_admitted(listed: Affixes, form: Form) -> bool | None:
    try:
        return all(map(matcher(form), listed.words))
    except TooComplex:
        return None


def _any_admitted(listed: Affixes, form: Form) -> bool | None:
    try:
        return any(map(matcher(form), listed.words))
    except TooComplex:
        return None
