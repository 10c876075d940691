"""Findings that tell one thing from both of its sides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from meshlint.checks.hit import Related, Spot
from meshlint.documents import Document, Field
from meshlint.engine.raised import Raised, raise_hit
from meshlint.resources import Resource
from meshlint.resources.age import oldest_first
from meshlint.values import evolve

Pair = tuple[Resource, Resource]


def told_once(found: Iterable[Raised]) -> Iterator[Raised]:
    """`found`, of which two of one rule that point to each other's objects are one.

    It stands at the younger object, or the one that comes later by name: the older is what counts, so the
    younger is what has to change. The other place is its related one, and may be where it is accepted.
    """
    by_rule: dict[str, list[Raised]] = {}
    for raised in found:
        by_rule.setdefault(raised.rule.id, []).append(raised)
    for told in by_rule.values():
        yield from _joined(told) if len(told) > 1 else told


def _joined(found: Sequence[Raised]) -> Iterator[Raised]:
    pointing = _pointing(found)
    twins = dict[int, Raised]()
    for (one, other), told in pointing.items():
        back = pointing.get((other, one), [])
        if len(told) == len(back) and oldest_first((one, other), lambda resource: resource)[0] is one:
            twins |= {id(older): younger for older, younger in zip(told, back, strict=True)}
    older = {id(younger): key for key, younger in twins.items()}
    by_key = {id(raised): raised for raised in found}
    for raised in found:
        if id(raised) in older:
            yield _with_place_of(raised, by_key[older[id(raised)]])
        elif id(raised) not in twins:
            yield raised


def _with_place_of(raised: Raised, other: Raised) -> Raised:
    (place,) = raised.hit.related
    location = other.finding.location
    related = Related(Spot(location.file, location.span), place.message)
    return evolve(raise_hit(raised.rule, evolve(raised.hit, related=(related,))), mirrored=other)


def _pointing(found: Sequence[Raised]) -> dict[Pair, list[Raised]]:
    """The hits that name a place in one other object that the rule speaks of, by both objects."""
    subjects: dict[Document, list[Resource]] = {}
    for raised in found:
        resource = raised.hit.resource
        if resource is not None and resource not in subjects.setdefault(resource.document, []):
            subjects[resource.document].append(resource)
    pointing: dict[Pair, list[Raised]] = {}
    for raised in sorted(found, key=lambda one: (one.finding.message, one.finding.location.order)):
        subject, related = raised.hit.resource, raised.hit.related
        if subject is not None and len(related) == 1 and isinstance(related[0].at, Field):
            other = _holder(related[0].at, subjects)
            if other is not None and other is not subject:
                pointing.setdefault((subject, other), []).append(raised)
    return pointing


def _holder(place: Field, subjects: dict[Document, list[Resource]]) -> Resource | None:
    """The object that a field is a part of."""
    for resource in subjects.get(place.document, ()):
        path = resource.field.path
        if place.path[: len(path)] == path:
            return resource
    return None
