"""Which objects of a set the cluster takes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from meshlint.admission.judges import WebhookJudge, judge_of
from meshlint.admission.remark import Remark
from meshlint.admission.remarks import Told, told_once
from meshlint.admission.verdict import Verdict
from meshlint.admission.versions import Standings
from meshlint.jobs import jobs_for
from meshlint.resources import Resource, ResourceSet
from meshlint.resources.collection import differing_kinds
from meshlint.resources.schema.store.store import BUILT_IN, SchemaStore
from meshlint.resources.schema.store.versions import Later
from meshlint.resources.schema.validate import validate
from meshlint.resources.schema.violation import OF_OTHER_RELEASES, Reason, Violation
from meshlint.values import frozen

_OF_A_PROCESS = 5000
"""For how many objects a process more pays."""


@frozen(repr=False)
class Remembered:
    """The verdicts on a set, by the identity of each object, and what they rest on besides the object.

    `schemas` are those that all were held to, `definitions` tells those in the set apart, and `judges` are
    the webhooks that looked at each group.
    """

    written: ResourceSet
    verdicts: Mapping[int, Verdict]
    schemas: SchemaStore
    definitions: tuple[int, ...]
    judges: Mapping[str, WebhookJudge | None]
    refused: frozenset[int] = frozenset()
    spoken: frozenset[int] = frozenset()
    later: frozenset[int] = frozenset()
    """The objects, by their identity, that are refused, of which anything is said, and that are of a version
    which only a later release has: few of all, so that nobody looks through the others again.
    """

    def holds(self, objects: tuple[Resource, ...]) -> bool:
        """Whether these are all objects of one kind in the set that the verdicts are on."""
        return bool(objects) and objects is self.written.of(objects[0].group, objects[0].kind)


@frozen(eq=False, slots=False, repr=False)
class Admission:
    """The verdict on each object of `written`, made once, and what is left when the refused ones are gone."""

    written: ResourceSet
    schemas: SchemaStore = BUILT_IN
    before: Remembered | None = None
    """Verdicts on objects of this set that were made before, with other objects beside them."""
    jobs: int | None = 1
    """How many processes share the work; None takes as many as pay."""

    @cached_property
    def standings(self) -> Standings:
        """How kinds and versions stand."""
        return Standings(self.written, self.schemas)

    @cached_property
    def verdicts(self) -> tuple[Verdict, ...]:
        """The verdict on each object, in the order of their names."""
        return tuple(self.of(one) for one in self.written.resources)

    @cached_property
    def _anew(self) -> Mapping[int, Verdict]:
        """The verdicts on what was not judged before."""
        known, before = self._known, self.before
        held = [self.written.of(*kind) for kind in self.written.kinds]
        if before is not None and known is before.verdicts:
            held = [those for those in held if not before.holds(those)]
        alone = self._alone
        objects = [one for those in held for one in those if id(one) not in known and id(one) not in alone]
        return {**alone, **dict(zip(map(id, objects), self._judged(objects), strict=True))}

    @cached_property
    def _alone(self) -> dict[int, Verdict]:
        """The verdicts that somebody asked for before all of them were made."""
        return {}

    def _judged(self, objects: Sequence[Resource]) -> Iterable[Verdict]:
        """The verdict on each of some objects, made by several processes where there are many."""
        number = jobs_for(self.jobs, len(objects), _OF_A_PROCESS)
        return map(self._verdict, objects) if number == 1 else self._shared(objects, number)

    def _shared(self, objects: Sequence[Resource], jobs: int) -> tuple[Verdict, ...]:
        """The verdicts as several processes make them: what forks find sound is not looked at here."""
        from meshlint.admission.parted import verdicts

        def sound(resource: Resource) -> Verdict:
            return Verdict(resource, self.standings.of(resource))

        return verdicts(objects, self._verdict, sound, jobs)

    def _those(self, before: frozenset[int], is_one: Callable[[Verdict], bool]) -> tuple[Verdict, ...]:
        """Some of the verdicts, in the order of the names of their objects; `before` are the known ones."""
        known = self._known
        found = {key: one for key, one in self._anew.items() if is_one(one)}
        found.update((key, known[key]) for key in before if key in known)
        return self._ordered(found)

    def _ordered(self, found: Mapping[int, Verdict]) -> tuple[Verdict, ...]:
        kinds = {(one.resource.group, one.resource.kind) for one in found.values()}
        order = (id(one) for kind in sorted(kinds) for one in self.written.of(*kind))
        return tuple(found[key] for key in order if key in found)

    @cached_property
    def _known(self) -> Mapping[int, Verdict]:
        """The verdicts from before on what is judged by the same definitions and the same webhook."""
        before = self.before
        if before is None or before.definitions != self._definitions:
            return {}
        if not self.schemas.is_like(before.schemas):
            return {}
        same = {group for group, judge in self._judges.items() if before.judges.get(group) is judge}
        if len(same) == len(self._judges):
            return before.verdicts
        return {key: one for key, one in before.verdicts.items() if one.resource.group in same}

    @cached_property
    def _judges(self) -> Mapping[str, WebhookJudge | None]:
        return {group: judge_of(group, self.written) for group in {group for group, _ in self.written.kinds}}

    @cached_property
    def _definitions(self) -> tuple[int, ...]:
        return tuple(map(id, self.written.of("apiextensions.k8s.io", "CustomResourceDefinition")))

    @cached_property
    def remembered(self) -> Remembered:
        """What an admission of other objects may take over."""
        few = [
            frozenset(id(one.resource) for one in those) for those in (self.refused, self.spoken, self.later)
        ]
        return Remembered(self.written, self.by_resource, self.schemas, self._definitions, self._judges, *few)

    @cached_property
    def by_resource(self) -> Mapping[int, Verdict]:
        """The verdicts by the identity of their objects."""
        known, before = self._known, self.before
        if before is None:
            return self._anew
        if known is not before.verdicts:
            return {id(one): self.of(one) for one in self.written.resources}
        found = dict(known)
        for kind in differing_kinds(before.written, self.written):
            for one in before.written.of(*kind):
                found.pop(id(one), None)
            found.update((id(one), self.of(one)) for one in self.written.of(*kind))
        return found

    def of(self, resource: Resource) -> Verdict:
        """The verdict on one object of the set, made alone where nobody has asked for all of them yet."""
        key = id(resource)
        found = self._known.get(key) or self._made.get(key)
        if found is None:
            found = self._alone[key] = self._verdict(resource)
        return found

    @property
    def _made(self) -> Mapping[int, Verdict]:
        """The verdicts there are on what was not judged before: all of them, once somebody asked for all."""
        return self._anew if "_anew" in vars(self) else self._alone

    @cached_property
    def refused(self) -> tuple[Verdict, ...]:
        """The verdicts on what the cluster does not take."""
        before = frozenset[int]() if self.before is None else self.before.refused
        return self._those(before, lambda one: not one.is_taken)

    @property
    def met(self) -> tuple[Verdict, ...]:
        """The verdicts on what the cluster does not take, as far as anybody came across it.

        Whatever was answered so far rests on no other refusal: it is the same whatever the others are.
        """
        if "_anew" in vars(self) or self._known:
            return self.refused
        return self._ordered({key: one for key, one in self._alone.items() if not one.is_taken})

    @cached_property
    def taken(self) -> ResourceSet:
        """The objects that the cluster takes, each of which is judged when somebody asks for it.

        Beside verdicts from before few are left to be made; kinds without refused objects are then the same
        tuples as in all that is written.
        """
        if self.before is None:
            return self.written.part(self._takes)
        if not self.refused:
            return self.written
        return self.written.only(one for one in self.written.resources if id(one) not in self._gone)

    def _takes(self, resource: Resource) -> bool:
        if "refused" in vars(self):  # All are judged, and the few that are refused are quicker to tell.
            return id(resource) not in self._gone
        return self.of(resource).is_taken

    @cached_property
    def _gone(self) -> frozenset[int]:
        return frozenset(id(one.resource) for one in self.refused)

    @cached_property
    def spoken(self) -> tuple[Verdict, ...]:
        """The verdicts that say anything, in the order of the names of their objects."""
        before = frozenset[int]() if self.before is None else self.before.spoken
        return self._those(before, lambda one: bool(one.violations or one.remarks))

    @cached_property
    def later(self) -> tuple[Verdict, ...]:
        """The verdicts on objects of a version that only a later release has."""
        before = frozenset[int]() if self.before is None else self.before.later
        return self._those(before, lambda one: isinstance(one.standing, Later))

    @cached_property
    def _told(self) -> dict[int, Told]:
        return {id(verdict.resource): told_once(verdict) for verdict in self.spoken}

    @cached_property
    def _by_mistake(self) -> dict[str, list[tuple[Resource, Remark]]]:
        found: dict[str, list[tuple[Resource, Remark]]] = {}
        for told in self._told.values():
            for remark in told.remarks:
                found.setdefault(remark.mistake, []).append((told.resource, remark))
        return found

    def violations(self, resource: Resource) -> tuple[Violation, ...]:
        """What breaks the schema of an object, and no webhook tells better."""
        told = self._told.get(id(resource))
        return () if told is None else told.violations

    def remarks(self, *mistakes: str) -> Iterator[tuple[Resource, Remark]]:
        """What webhooks say of some kinds of mistakes, and no schema says already, object by object."""
        for mistake in mistakes:
            yield from self._by_mistake.get(mistake, ())

    def _verdict(self, resource: Resource) -> Verdict:
        judge = self._judges[resource.group]
        value = resource.field.value
        known = self._by_value.get(id(value))
        # Kept with the value, so that no other one takes its id.
        _, violations = known or self._by_value.setdefault(id(value), (value, self._violations(resource)))
        said = () if judge is None else tuple(judge(resource))
        remarks = tuple(_seen(resource, said, violations)) if said else ()
        return Verdict(resource, self.standings.of(resource), violations, remarks)

    def _violations(self, resource: Resource) -> tuple[Violation, ...]:
        """What breaks the schema of an object's kind and version.

        An object at a version that does not exist is held to the best one that does: the wrong version is one
        mistake, and its fields may hold others.
        """
        version = resource.version
        if self.schemas.node(resource.group, version, resource.kind) is None:
            version = next(iter(self.schemas.versions(resource.group, resource.kind)), version)
        found = validate(resource.group, version, resource.kind, resource.field.value, self.schemas)
        return tuple([one for one in found if one.path != ("apiVersion",)]) if found else ()

    @cached_property
    def _by_value(self) -> dict[int, tuple[Any, tuple[Violation, ...]]]:
        """The violations by the identity of the values, which files with the same bytes share."""
        return {}


def _seen(
    resource: Resource, remarks: Iterable[Remark], violations: tuple[Violation, ...]
) -> Iterator[Remark]:
    """The remarks on what reaches a webhook.

    Fields that the release does not have are dropped before, and for a value that it does not have
    the object is refused.
    """
    depth = len(resource.field.path)
    gone = [one.path for one in violations if one.reason in (*OF_OTHER_RELEASES, Reason.NEWER_VALUE)]
    for remark in remarks:
        places = [field.path[depth:] for field in (remark.at, *remark.related)]
        if not any(place[: len(path)] == path for path in gone for place in places):
            yield remark
