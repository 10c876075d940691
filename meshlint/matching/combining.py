"""Combine string forms, simplified as far as is plain without an automaton."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from . import affixes
from .affixes import ANYTHING, NONEMPTY, NOTHING, Affixes
from .forms import Form, Meet, Not, Union, matcher
from .plainly import is_listed, plainly_overlap, plainly_subset
from .regular import TooComplex

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

# With more parts than these, finding needless ones among them costs more than it saves.
_MOST_COMPARED = 16

_ONLY_EMPTY = affixes.affixes(words=("",))


def negated(form: Form) -> Form:
    """Hold what the form does not hold."""
    for one, other in ((ANYTHING, NOTHING), (NONEMPTY, _ONLY_EMPTY)):
        if form in (one, other):
            return other if form == one else one
    return form.part if isinstance(form, Not) else Not(form)


def united(forms: Iterable[Form]) -> Form:
    """Hold what any of the forms holds."""
    parts = tuple(forms)
    words = _words(parts)
    if words is not None:
        return words
    plain, others = _gathered(_listed_once(_flat(parts, Union)), affixes.union)
    if ANYTHING in plain or not {*plain, *others}.isdisjoint(map(negated, others)):
        return ANYTHING
    kept = _unabsorbed([*plain, *others], lambda inner, outer: plainly_subset(inner, outer) is True)
    return kept[0] if len(kept) == 1 else Union(frozenset(kept)) if kept else NOTHING


def _words(forms: tuple[Form, ...]) -> Affixes | None:
    """The union of lists of words, as most unions are; None for others, and for no forms."""
    held = [form for form in forms if isinstance(form, Affixes) and is_listed(form)]
    if not held or len(held) < len(forms):
        return None
    return held[0] if len(held) == 1 else affixes.listed(chain.from_iterable(one.words for one in held))


def _listed_once(forms: Iterable[Form]) -> Iterator[Form]:
    """Make one of all plain parts that treat case alike: joining long lists one by one takes far longer."""
    alike: dict[bool, list[Affixes]] = {}
    for form in forms:
        if isinstance(form, Affixes):
            alike.setdefault(form.folded, []).append(form)
        else:
            yield form
    for folded, held in alike.items():
        yield affixes.affixes(
            chain.from_iterable(one.words for one in held),
            chain.from_iterable(one.prefixes for one in held),
            chain.from_iterable(one.suffixes for one in held),
            nonempty=any(one.nonempty for one in held),
            folded=folded,
        )


def met(forms: Iterable[Form]) -> Form:
    """Hold what all the forms hold."""
    parts = list(_flat(forms, Meet))
    barred = [form.part for form in parts if isinstance(form, Not)]
    parts = [form for form in parts if not isinstance(form, Not)]
    plain, others = _gathered(parts, affixes.intersection)
    barred = _touching(united(barred), [*plain, *others])
    others += [negated(united(barred))] if barred else []
    filtered = [_filtered(form, others) for form in plain]
    kept = _unabsorbed([*filtered, *others], lambda outer, inner: plainly_subset(inner, outer) is True)
    kept = [form for form in kept if form != ANYTHING]
    if any(plainly_overlap(one, other) is False for one in kept for other in kept):
        return NOTHING
    return kept[0] if len(kept) == 1 else Meet(frozenset(kept)) if kept else ANYTHING


def _touching(barred: Form, held: list[Form]) -> list[Form]:
    """Leave out the barred parts that plainly miss what is held anyway."""
    parts = barred.parts if isinstance(barred, Union) else (barred,)
    return [part for part in parts if not any(plainly_overlap(part, form) is False for form in held)]


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
    if not is_listed(form) or not others:
        return form
    try:
        tests = [matcher(other) for other in others]
        return Affixes(frozenset(word for word in form.words if all(test(word) for test in tests)))
    except TooComplex:
        return form


def _unabsorbed(forms: list[Form], absorbed: Callable[[Form, Form], bool]) -> list[Form]:
    """Leave out each form that another one, itself not left out, makes needless."""
    if len(forms) > _MOST_COMPARED:
        return forms
    kept: list[Form] = []
    for form in forms:
        if not any(absorbed(form, other) for other in kept):
            kept = [other for other in kept if not absorbed(other, form)] + [form]
    return kept
