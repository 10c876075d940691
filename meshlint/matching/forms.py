"""How a string set is written down: plain affixes, patterns, and combinations, simplified while built.

Every question is first put to rules that need no automaton; they answer True, False, or None for "not
plainly".
"""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, TypeAlias

from attrs import frozen

from . import affixes
from .affixes import ANYTHING, NONEMPTY, NOTHING, Affixes
from .patterns import Pattern
from .regular import TooComplex
from .threefold import every, opposite, some

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator


@frozen
class Not:
    """Every text that the part does not hold."""

    part: Form


@frozen
class Meet:
    """What all the parts hold."""

    parts: frozenset[Form]


@frozen
class Union:
    """What any of the parts holds."""

    parts: frozenset[Form]


Form: TypeAlias = "Affixes | Pattern | Not | Meet | Union"

_ONLY_EMPTY = affixes.affixes(words=("",))


def negated(form: Form) -> Form:
    """Hold what the form does not hold."""
    for one, other in ((ANYTHING, NOTHING), (NONEMPTY, _ONLY_EMPTY)):
        if form in (one, other):
            return other if form == one else one
    return form.part if isinstance(form, Not) else Not(form)


def united(forms: Iterable[Form]) -> Form:
    """Hold what any of the forms holds."""
    plain, others = _gathered(_flat(forms, Union), affixes.union)
    if ANYTHING in plain or any(negated(form) in (*plain, *others) for form in others):
        return ANYTHING
    kept = _unabsorbed([*plain, *others], lambda inner, outer: plainly_subset(inner, outer) is True)
    return kept[0] if len(kept) == 1 else Union(frozenset(kept)) if kept else NOTHING


def met(forms: Iterable[Form]) -> Form:
    """Hold what all the forms hold."""
    parts = list(_flat(forms, Meet))
    barred = [form.part for form in parts if isinstance(form, Not)]
    parts = [form for form in parts if not isinstance(form, Not)]
    plain, others = _gathered(parts, affixes.intersection)
    others += [negated(united(barred))] if barred else []
    filtered = [_filtered(form, others) for form in plain]
    kept = _unabsorbed([*filtered, *others], lambda outer, inner: plainly_subset(inner, outer) is True)
    kept = [form for form in kept if form != ANYTHING]
    if any(plainly_overlap(one, other) is False for one in kept for other in kept):
        return NOTHING
    return kept[0] if len(kept) == 1 else Meet(frozenset(kept)) if kept else ANYTHING


def matcher(form: Form) -> Callable[[str], bool]:
    """Return the fastest test of membership."""
    match form:
        case Affixes():
            return affixes.matcher(form)
        case Pattern():
            return form.shortcut or form.admits
        case Not(part):
            inside = matcher(part)
            return lambda text: not inside(text)
        case Meet(parts):
            return reduce(_both, [matcher(part) for part in _cheapest_first(parts)])
        case Union(parts):
            return reduce(_either, [matcher(part) for part in _cheapest_first(parts)])


def plainly_subset(left: Form, right: Form) -> bool | None:
    """Tell whether the right form holds all that the left one holds, where that is plain to see."""
    if left in (right, NOTHING) or right == ANYTHING:
        return True
    match left, right:
        case Affixes(), Affixes():
            return affixes.is_subset(left, right)
        case Affixes(), _ if left.is_finite() and not left.folded:
            return _all_admitted(left, right)
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
    match left, right:
        case Affixes(), Affixes():
            return affixes.overlaps(left, right)
        case (Affixes() as plain, other) | (other, Affixes() as plain) if _is_listed(plain):
            return _any_admitted(plain, other)
        case (Union(parts), other) | (other, Union(parts)):
            return some(plainly_overlap(part, other) for part in parts)
        case (Not(part), other) | (other, Not(part)) if not isinstance(other, Not):
            return opposite(plainly_subset(other, part))
        case (Meet(parts), other) | (other, Meet(parts)):
            disjoint = any(plainly_overlap(part, other) is False for part in parts)
            return False if disjoint else None
        case _:
            return None


def describe(form: Form) -> str:
    """Name the form in plain words, the same for every order in which it was built."""
    match form:
        case Affixes():
            return affixes.describe(form)
        case Pattern():
            return form.describe()
        case Not(part):
            return f"all but {_bracketed(part)}"
        case Meet(parts):
            held = sorted(_bracketed(part) for part in parts if not isinstance(part, Not))
            barred = sorted(_bracketed(part.part) for part in parts if isinstance(part, Not))
            return " but not ".join((" and ".join(held), *barred))
        case Union(parts):
            return " or ".join(sorted(_bracketed(part) for part in parts))


def _bracketed(form: Form) -> str:
    words = describe(form)
    return f"({words})" if " or " in words or isinstance(form, Meet | Not) else words


def _flat(forms: Iterable[Form], kind: type[Meet] | type[Union]) -> Iterator[Form]:
    for form in forms:
        if isinstance(form, Meet | Union) and isinstance(form, kind):
            yield from form.parts
        else:
            yield form


def _gathered(
    forms: Iterable[Form], join: Callable[[Affixes, Affixes], Affixes | None]
) -> tuple[list[Affixes], list[Form]]:
    """Join the plain parts as far as they can be joined; leave the others, each once."""
    plain: list[Affixes] = []
    others: dict[Form, None] = {}
    for form in forms:
        if isinstance(form, Affixes):
            plain = _joined_into(plain, form, join)
        else:
            others[form] = None
    return plain, list(others)


def _joined_into(
    plain: list[Affixes], form: Affixes, join: Callable[[Affixes, Affixes], Affixes | None]
) -> list[Affixes]:
    apart: list[Affixes] = []
    for held in plain:
        joined = join(form, held)
        if joined is None:
            apart.append(held)
        else:
            form = joined
    return [*apart, form]


def _filtered(form: Affixes, others: list[Form]) -> Affixes:
    """Leave out listed words that another part of a meeting does not admit."""
    if not _is_listed(form) or not others:
        return form
    try:
        tests = [matcher(other) for other in others]
        return Affixes(frozenset(word for word in form.words if all(test(word) for test in tests)))
    except TooComplex:
        return form


def _unabsorbed(forms: list[Form], absorbed: Callable[[Form, Form], bool]) -> list[Form]:
    """Leave out each form that another one, itself not left out, makes needless."""
    kept: list[Form] = []
    for form in forms:
        if not any(absorbed(form, other) for other in kept):
            kept = [other for other in kept if not absorbed(other, form)] + [form]
    return kept


def _both(first: Callable[[str], bool], second: Callable[[str], bool]) -> Callable[[str], bool]:
    return lambda text: first(text) and second(text)


def _either(first: Callable[[str], bool], second: Callable[[str], bool]) -> Callable[[str], bool]:
    return lambda text: first(text) or second(text)


def _cheapest_first(parts: Iterable[Form]) -> list[Form]:
    return sorted(parts, key=lambda part: "" if isinstance(part, Affixes) else describe(part))


def _is_listed(form: Affixes) -> bool:
    return form.is_finite() and not form.folded


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
