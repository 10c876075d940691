"""Objects in the order of their names, and put together by what they are."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby, islice, takewhile
from json import JSONEncoder
from operator import attrgetter, itemgetter
from types import MappingProxyType
from typing import TypeVar

from meshlint.resources.resource import Resource

Key = TypeVar("Key", bound=Hashable)
Kind = tuple[str, str]

_FIRST = itemgetter(0)
_ENCODER = JSONEncoder(sort_keys=True, check_circular=False)
_NAMESPACE: Callable[[Resource], str] = attrgetter("namespace")
_NAME: Callable[[Resource], str] = attrgetter("name")


def inserted(held: list[Resource], come: Iterable[Resource]) -> list[Resource]:
    """Objects in the order of their names, with some more of which each has another name."""
    for one in come:
        insort(held, one, key=name_of)
    return held


def are_single(some: Collection[Resource], others: Sequence[Resource]) -> bool:
    """Whether each of some objects of a kind is written once, those of the same kind beside them counted."""
    names = set(map(name_of, some))
    return len(names) == len(some) and not any(called(others, name) for name in names)


def called(held: Sequence[Resource], name: tuple[str, str, str, str]) -> tuple[Resource, ...]:
    """Those of some objects in the order of their names that are called so."""
    first = bisect_left(held, name, key=name_of)
    return tuple(takewhile(lambda one: name_of(one) == name, islice(held, first, None)))


def by_kind(resources: Iterable[Resource]) -> dict[Kind, tuple[Resource, ...]]:
    """The objects of each kind, in their order."""
    return grouped(resources, lambda one: (one.group, one.kind))


def grouped(resources: Iterable[Resource], key: Callable[[Resource], Key]) -> dict[Key, tuple[Resource, ...]]:
    """The objects of each key, in their order."""
    found: dict[Key, list[Resource]] = {}
    for one in resources:
        found.setdefault(key(one), []).append(one)
    return {name: tuple(those) for name, those in found.items()}


def ordered(
    resources: Iterable[Resource], places: Mapping[int, int] = MappingProxyType({})
) -> Iterator[Resource]:
    """Those of one kind by name; versions of one object by what they say, so that moving or reordering text
    changes nothing.

    Some were put in their order before: they have `places` in it, by their `id`.
    """
    for _, those in sorted(grouped(resources, _NAMESPACE).items()):
        held = sorted(those, key=_NAME)
        # Mostly each has a name of its own, and texts alone are sorted much faster than tuples of them.
        if len(set(map(_NAME, held))) == len(held):
            yield from held
            continue
        for _, versions in groupby(held, key=_NAME):
            yield from _apart([*versions], places)


def _apart(same: list[Resource], places: Mapping[int, int]) -> list[Resource]:
    """What is written several times, in the order of before or by what it says."""
    if len(same) == 1:
        return same
    if all(id(one) in places for one in same):
        return sorted(same, key=lambda one: places[id(one)])
    return list(_by_content(same))


def name_of(resource: Resource) -> tuple[str, str, str, str]:
    """What an object is called, and in which place of an order it so is."""
    return (resource.group, resource.kind, resource.namespace, resource.name)


def _by_content(versions: list[Resource]) -> Iterator[Resource]:
    """By what they say and their file; the lines are looked up only of what is alike in both."""
    texts: dict[int, str] = {}
    for one in versions:
        if id(one.field.value) not in texts:  # Files with the same bytes share their values.
            texts[id(one.field.value)] = _ENCODER.encode(one.field.value)
    content = [((texts[id(one.field.value)], one.document.file), one) for one in versions]
    keyed = sorted(content, key=_FIRST)
    for _, alike in groupby(keyed, key=_FIRST):
        same = [one for _, one in alike]
        yield from same if len(same) == 1 else sorted(same, key=lambda one: one.field.span().line)
