"""An edit of a set: what it takes away and brings, and the worlds for rules that judge each alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from itertools import chain
from operator import is_

from meshlint.api.judging.checking import worlds_of
from meshlint.api.reading.project import Project
from meshlint.checks.world import World
from meshlint.engine.raised import Raised
from meshlint.engine.rule import ANY, Rule
from meshlint.engine.run import Worlds
from meshlint.mesh.hosts.full_view import FullView
from meshlint.resources import Resource, ResourceSet
from meshlint.resources.collection import Kind, by_kind, differing_kinds
from meshlint.resources.watched import Reads
from meshlint.values import evolve, field, frozen


@frozen(eq=False, slots=False, repr=False)
class Edit:
    """What turns one project into another one."""

    before: Project
    after: Project
    _parts: dict[Kind | None, Worlds[World]] = field(factory=dict)

    @cached_property
    def kinds(self) -> frozenset[Kind]:
        """The kinds of which an object came, went or is another one, or is taken where it was refused."""
        return frozenset(chain.from_iterable(differing_kinds(*pair) for pair in dict.fromkeys(self._sets)))

    @property
    def _sets(self) -> tuple[tuple[ResourceSet, ResourceSet], ...]:
        one, other = self.before.admission, self.after.admission
        return (one.written, other.written), (one.taken, other.taken)

    def concerns(self, reads: Reads) -> bool:
        """Whether something that was read is of a kind that is edited, or is said of all and is another."""
        if not reads.kinds.isdisjoint(self.kinds):
            return True
        return bool(self.kinds) and any(map(self._is_otherwise, set(reads.everything)))

    def _is_otherwise(self, name: str) -> bool:
        """Whether what a set or its verdicts answer under a name may be another answer."""
        if name in ("spoken", "violations", "remarks"):
            return not self._speaks_alike
        return name != "namespaces" or not self._has_same_namespaces

    @cached_property
    def _speaks_alike(self) -> bool:
        """Whether the very same verdicts say anything: what went and what came is without a mistake."""
        one, other = self.before.admission.spoken, self.after.admission.spoken
        return len(one) == len(other) and all(map(is_, one, other))

    @cached_property
    def _has_same_namespaces(self) -> bool:
        return all(one.namespaces == other.namespaces for one, other in dict.fromkeys(self._sets))

    @cached_property
    def gone(self) -> frozenset[Resource]:
        """The objects that are no longer there."""
        return _only_in(self.kinds, *self._sets[0])

    @cached_property
    def come(self) -> frozenset[Resource]:
        """The objects that were not there."""
        return _only_in(self.kinds, *reversed(self._sets[0]))

    @property
    def repeats(self) -> bool:
        """Whether an object that came is written a second time."""
        held = Counter(one.id for kind in self.kinds for one in self.after.resources.of(*kind) if one.name)
        return any(held[one.id] > 1 and not one.name.endswith("*") for one in self.come)

    @cached_property
    def _kind(self) -> Kind | None:
        """The one kind that is edited, if the cluster takes all that went and came."""
        _, taken = self._sets
        passes = _only_in(self.kinds, *taken) == self.gone
        passes = passes and _only_in(self.kinds, *reversed(taken)) == self.come
        is_one = passes and len(self.kinds) == 1 and self._refers_alike
        return next(iter(self.kinds)) if is_one else None

    @property
    def _refers_alike(self) -> bool:
        """Whether what came refers to the names that what went did: they tell how much the files show."""
        domain = self.after.mesh.settings.cluster_domain
        gone, come = (FullView(_set_of(held), domain) for held in (self.gone, self.come))
        return gone.names_as(come)

    @cached_property
    def worlds(self) -> Worlds[World]:
        """What checks are asked about after the edit."""
        return worlds_of(self.after)

    def parts(self, rule: Rule) -> Worlds[World] | None:
        """What a rule is asked that judges what is edited alone; None where it does not."""
        kind = self._kind
        if kind is None or not (kind[1] in rule.alone or ANY in rule.alone):
            return None
        part = None if ANY in rule.alone else kind
        if part not in self._parts:
            self._parts[part] = with_only(self.worlds, part, self.come)
        return self._parts[part]

    def mended(self, rule: Rule, said: Sequence[Raised], anew: Sequence[Raised]) -> list[Raised] | None:
        """What a rule says that judges alone: what it said of the others, and what it says of what came.

        None where it says something else than before of other kinds, so that it does not judge alone here.
        """
        kind = None if ANY in rule.alone else self._kind
        if kind is not None and _of_others(said, kind) != _of_others(anew, kind):
            return None
        left = [one for one in said if one.hit.resource not in self.gone]
        return [*left, *(one for one in anew if one.hit.resource in self.come)]


def _of_others(found: Sequence[Raised], kind: Kind) -> Counter[tuple[str, str, str]]:
    """What is said of objects of other kinds."""
    held = ((one.hit.resource, one.finding) for one in found)
    return Counter(
        (finding.fingerprint, finding.message, str(finding.location))
        for resource, finding in held
        if resource is None or (resource.group, resource.kind) != kind
    )


def with_only(worlds: Worlds[World], kind: Kind | None, held: Collection[Resource]) -> Worlds[World]:
    """The worlds with no objects of a kind but those held; where it is None, with no others at all."""
    taken = _showing(worlds.taken, kind, held)
    written = None if worlds.written is None else _showing(worlds.written, kind, held)
    return evolve(worlds, taken=taken, written=written)


def _showing(world: World, kind: Kind | None, held: Collection[Resource]) -> World:
    resources = world.resources
    kept = by_kind(one for one in resources.resources if one in held) if kind is None else {}
    parted = kept if kind is None else _without(resources, kind, held)
    whole = tuple(chain.from_iterable(parted[one] for one in sorted(parted)))
    part = ResourceSet(whole, resources.foreign, resources.kustomized, resources.collections, parted)
    return World(world.mesh.showing(part), world.admission, world.problems)


def _set_of(held: Collection[Resource]) -> ResourceSet:
    return ResourceSet(tuple(held), (), frozenset(), None, by_kind(held))


def _without(
    resources: ResourceSet, kind: Kind, held: Collection[Resource]
) -> Mapping[Kind, tuple[Resource, ...]]:
    parted = {one: resources.of(*one) for one in resources.kinds if one != kind}
    left = tuple(one for one in resources.of(*kind) if one in held)
    return {**parted, kind: left} if left else parted


def _only_in(kinds: Collection[Kind], some: ResourceSet, others: ResourceSet) -> frozenset[Resource]:
    there = {one for kind in kinds for one in others.of(*kind)}
    return frozenset(one for kind in kinds for one in some.of(*kind) if one not in there)
