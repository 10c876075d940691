"""Checks of a whole message: which fields it needs, and which exclude each other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from meshlint.admission.istio.vocabulary.mistake import Mistake
from meshlint.admission.istio.vocabulary.said import Check, Said, Scene
from meshlint.admission.istio.vocabulary.values import items
from meshlint.resources.schema.words.writing import listed, quoted


def blank(value: Any) -> bool:
    """Whether the webhook takes a value for none: null, empty text, 0, false, an empty list."""
    return not value and not isinstance(value, dict)


def needs(*names: str, mistake: Mistake = Mistake.MISSING, hint: str = "") -> Check:
    """A message in which all of `names` are set, and not to what counts as nothing."""

    def check(value: Any, _: Scene) -> Iterable[Said]:
        lacking = [name for name in names if blank(value.get(name))] if isinstance(value, dict) else ()
        if not lacking:
            return ()
        at = (lacking[0],) if lacking[0] in value else ()
        all_of = listed(lacking, "and")
        words = f"leaves {all_of} empty" if at else f"lacks {all_of}"
        return (Said(mistake, words, at, hint or f"Set {' and '.join(lacking)}.", on_key=True),)

    return check


def needs_one(*names: str, mistake: Mistake = Mistake.MISSING, what: str) -> Check:
    """A message in which at least one of `names` is set, an empty message too; an empty list is none."""

    def check(value: Any, _: Scene) -> Iterable[Said]:
        if not isinstance(value, dict) or any(map(value.get, names)):
            return ()
        if any(value.get(name) not in (None, []) for name in names):
            return ()
        return (Said(mistake, f"has {what}", hint=f"Set {listed(names)}, or leave it out.", on_key=True),)

    return check


def exclusive(*names: str, mistake: Mistake = Mistake.EXCLUSIVE, hint: str = "Keep one of them.") -> Check:
    """A message in which at most one of `names` is set."""

    fields = frozenset(names)

    def check(value: Any, _: Scene) -> Iterable[Said]:
        if not isinstance(value, dict) or len(fields.intersection(value)) < 2:
            return ()
        present = [name for name in names if not blank(value.get(name))]
        if len(present) < 2:
            return ()
        words = f"sets both {listed(present[:2], 'and')}"
        return (Said(mistake, words, (present[0],), hint, on_key=True, related=((present[1],),)),)

    return check


def unique(name: str, *, mistake: Mistake = Mistake.TWICE, what: str) -> Check:
    """A list whose entries differ in `name`; an absent one counts as empty."""

    def check(value: Any, _: Scene) -> Iterator[Said]:
        if not isinstance(value, list) or len(value) < 2:
            return
        seen: dict[Any, int] = {}
        for index, item in enumerate(value):
            key = item.get(name) if isinstance(item, dict) else None
            if not isinstance(item, dict) or isinstance(key, dict | list):
                continue
            key = "" if key is None else key
            if key in seen:
                at = (index, name) if name in item else (index,)
                yield Said(mistake, f"has {what} {quoted(key)} twice", at, related=((seen[key],),))
            seen.setdefault(key, index)

    return check


def each_text(name: str, holds: Callable[[str], bool], mistake: Mistake, words: str, hint: str = "") -> Check:
    """A message in which each text of the list at `name` fits; only the first that does not is told."""

    def check(value: Any, _: Scene) -> Iterator[Said]:
        for index, item in enumerate(items(value, name)):
            if isinstance(item, str) and not holds(item):
                yield Said(mistake, f"{words} {quoted(item)} in {quoted(name)}", (name, index), hint)
                return

    return check


def several(*checks: Check) -> Check:
    """All of `checks` as one."""
    return lambda value, scene: (said for check in checks for said in check(value, scene))
