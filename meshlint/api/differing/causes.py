"""Which objects does a difference come from?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from meshlint.api.differing.objects import Changed
from meshlint.documents import Field
from meshlint.engine.finding import Location
from meshlint.reports.differences.answer import Cause
from meshlint.reports.route.answer import RouteAnswer
from meshlint.resources.resource import ObjectId
from meshlint.security.access import AccessDecision
from meshlint.security.access.decision import Decider
from meshlint.values import evolve, frozen

_MOST = 3
_OF_ROUTES = {
    "networking.istio.io",
    "gateway.networking.k8s.io",
    "policy.linkerd.io",
    "linkerd.io",
    "",
    "apps",
}

Named = tuple[str, Cause]
"""A cause, and the object that it is about."""


@frozen(eq=False, slots=False, repr=False)
class Causes:
    """Tells the objects that decide on either side, those first that the change wrote."""

    changes: tuple[Changed, ...]

    @classmethod
    def among(cls, changes: Iterable[Changed]) -> Causes:
        """Those of a change."""
        return cls(tuple(one for one in changes if not one.is_moved))

    @cached_property
    def _changed(self) -> frozenset[ObjectId]:
        return frozenset(one.id for one in self.changes)

    @cached_property
    def _names(self) -> frozenset[str]:
        return frozenset(map(str, self._changed))

    def of_decisions(self, before: AccessDecision, after: AccessDecision) -> tuple[Cause, ...]:
        """What made two decisions on one call differ, each object once."""
        return _most_telling([*self._of_decision(after), *_gone(self._of_decision(before))])

    def of_ways(self, before: RouteAnswer | None, after: RouteAnswer | None) -> tuple[Cause, ...]:
        """What made the ways of one request differ; objects of the change where no rule on the way is new."""
        found = [*self._of_way(after), *_gone(self._of_way(before))]
        if not any(cause.is_changed for _, cause in found):
            found.extend(self._elsewhere())
        return _most_telling(found)

    def _of_decision(self, decision: AccessDecision) -> Iterator[Named]:
        for one in (decision, *decision.parts):
            for decider in one.deciding:
                yield self._told(decider)

    def _told(self, one: Decider) -> Named:
        place = None if one.at is None else located(one.at)
        if one.resource is None:
            return one.label, Cause(one.label, place, is_changed=False)
        return str(one.resource.id), Cause(one.label, place, one.resource.id in self._changed)

    def _of_way(self, answer: RouteAnswer | None) -> Iterator[Named]:
        if answer is None:
            return
        if answer.rule is not None:
            rule = answer.rule
            label = f"{rule.object} {rule.path}".rstrip()
            yield rule.object, Cause(label, rule.location, rule.object in self._names)
        for one in answer.destinations:
            yield from self._of_way(one.onward)

    def _elsewhere(self) -> Iterator[Named]:
        for one in self.changes:
            if one.id.group in _OF_ROUTES:
                at = (one.after or one.before)[0]
                name = str(one.id)
                yield name, Cause(name, located(at.at("metadata", "name")), True, not one.after)


def _gone(found: Iterable[Named]) -> Iterator[Named]:
    return ((name, evolve(cause, is_gone=True)) for name, cause in found)


def _most_telling(found: Iterable[Named]) -> tuple[Cause, ...]:
    """One cause for each object, and those alone that the change wrote if there are any."""
    kept: dict[str, Cause] = {}
    for name, cause in found:
        kept.setdefault(name, cause)
    told = sorted(kept.values(), key=lambda one: (not one.is_changed, one.is_gone, one.object))
    return tuple([one for one in told if one.is_changed] or told)[:_MOST]


def located(at: Field) -> Location:
    """Where a field stands."""
    return Location(at.file(), at.span())
