"""An edit of a set: what it takes away and brings, and the worlds for rules that judge each alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cached_property
from itertools import chain
from operator import is_

from meshlint.api.after.nearby import Nearby, home_of, nearby
from meshlint.api.after.steady import ROUTE
from meshlint.api.judging.worlds import worlds_of
from meshlint.api.reading.project import Project
from meshlint.checks.world import World
from meshlint.documents import Field
from meshlint.engine.presence import WORKLOAD
from meshlint.engine.raised import Raised
from meshlint.engine.rule import ANY, Rule
from meshlint.engine.run import Worlds
from meshlint.mesh.hosts.full_view import FullView
from meshlint.resources import Resource, ResourceSet
from meshlint.resources.collection import differing_kinds
from meshlint.resources.kubernetes.workload import WORKLOAD_KINDS
from meshlint.resources.order import Kind, by_kind
from meshlint.resources.watched import Reads
from meshlint.values import evolve, field, frozen

Shown = Mapping[Kind, frozenset[Resource]]
Chooses = Callable[[Resource | None], bool]


@frozen(eq=False, repr=False)
class Asked:
    """What a rule is asked after an edit: a part of the worlds.

    What it said of an object of which it `keeps` that holds still. What it says of objects that the part does
    not cover rests on none of those left out, so that it says the same as before.
    """

    worlds: Worlds[World]
    keeps: Chooses
    covers: Chooses


@frozen(eq=False, slots=False, repr=False)
class Edit:
    """What turns one project into another one."""

    before: Project
    after: Project
    _parts: dict[frozenset[tuple[Kind, frozenset[Resource]]] | None, Worlds[World]] = field(factory=dict)

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
        if name == "later":
            return not _are_same(self.before.admission.later, self.after.admission.later)
        if name == "repeated":
            return not self._repeats_alike
        return name != "namespaces" or not self._has_same_namespaces

    @cached_property
    def _speaks_alike(self) -> bool:
        """Whether the very same verdicts say anything: what went and what came is without a mistake."""
        return _are_same(self.before.admission.spoken, self.after.admission.spoken)

    @cached_property
    def _repeats_alike(self) -> bool:
        """Whether the very same objects are written several times."""
        return all(
            len(one.repeated) == len(other.repeated) and all(map(_are_same, one.repeated, other.repeated))
            for one, other in dict.fromkeys(self._sets)
        )

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
        return any(one in self.come for group in self.after.resources.repeated for one in group)

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

    def asked(self, rule: Rule) -> Asked | None:
        """What a rule is asked that need not be asked about the whole set; None where it has to be."""
        kind = self._kind
        if kind is None:
            return None
        if ANY in rule.alone or kind[1] in rule.alone:
            return self._alone(rule, kind)
        if kind[1] in rule.within:
            return self._within(kind)
        if rule.around and (kind != ROUTE or kind[1] in rule.around):
            return self._around(rule)
        if kind == ROUTE:
            return None
        if rule.home:
            return self._home(rule)
        return self._near(rule) if rule.near else None

    def _alone(self, rule: Rule, kind: Kind) -> Asked:
        """The edited object by itself; what is said of other kinds that the rule judges alone stays."""
        edited = self.gone | self.come
        if ANY in rule.alone:
            return self._part(None, lambda one: one not in edited)
        judged = self._of_kinds(rule.alone)
        shown = {one: self.come if one == kind else frozenset[Resource]() for one in judged}

        def is_judged(one: Resource | None) -> bool:
            return one is not None and (one.group, one.kind) in judged

        return self._part(shown, lambda one: is_judged(one) and one not in edited, is_judged)

    def _within(self, kind: Kind) -> Asked | None:
        """The namespace of the edited object, unless objects of the root namespace are for all of them."""
        places = {one.namespace for one in (*self.gone, *self.come)}
        held = self.after.admission.written.of(*kind)
        root = self.after.mesh.settings.root_namespace
        if len(places) != 1 or any(
            one.namespace == root or not one.names_namespace for one in (*held, *self.gone)
        ):
            return None
        shown = {kind: frozenset(one for one in held if one.namespace in places)}
        return self._part(shown, lambda one: one is not None and one.namespace not in places)

    def _near(self, rule: Rule) -> Asked | None:
        """What is near the edited Service or workload."""
        if self._nearby is None:
            return None
        found = {kind: self._nearby.of(kind) for kind in self._of_kinds(rule.near)}
        shown = {kind: those for kind, those in found.items() if those is not None}
        if not shown:
            return None

        def is_far(one: Resource | None) -> bool:
            return one is not None and one not in shown.get((one.group, one.kind), (one,))

        return self._part(shown, is_far)

    def _home(self, rule: Rule) -> Asked | None:
        """What lives beside the edited Service or workload."""
        if self._nearby is None:
            return None
        (place,) = {one.namespace for one in self.come}
        found = {kind: self._nearby.living(kind, place) for kind in self._of_kinds(rule.home)}
        shown = {kind: those for kind, those in found.items() if those is not None}
        if not shown or len(shown) < len(found):
            return None
        return self._part(shown, lambda one: one is not None and home_of(one) != place, _is_object)

    def _around(self, rule: Rule) -> Asked | None:
        """What is near the edited Service, workload or route, beside all that is near that."""
        kinds = self._of_kinds(rule.around)
        near = None if self._nearby is None else self._nearby.with_neighbours(kinds)
        if near is None:
            return None
        judged, shown = near
        edited = judged | self.gone

        def is_judged(one: Resource | None) -> bool:
            return one is not None and (one.group, one.kind) in kinds

        return self._part(shown, lambda one: is_judged(one) and one not in edited, is_judged)

    @cached_property
    def _nearby(self) -> Nearby | None:
        after = self.after
        if after.options.mesh_config:
            return None
        sets = self.before.admission.written, after.admission.written
        return nearby(after.mesh, *sets, self.gone, self.come)

    def _of_kinds(self, names: Collection[str]) -> tuple[Kind, ...]:
        written = self.after.admission.written.kinds
        makers = WORKLOAD_KINDS if WORKLOAD in names else ()
        return tuple(kind for kind in written if kind[1] in names or kind in makers)

    def _part(self, shown: Shown | None, keeps: Chooses, covers: Chooses = lambda _: True) -> Asked:
        key = None if shown is None else frozenset(shown.items())
        if key not in self._parts:
            self._parts[key] = with_only(self.worlds, shown, self.come)
        return Asked(self._parts[key], keeps, covers)

    def mended(self, asked: Asked, said: Sequence[Raised], anew: Sequence[Raised]) -> list[Raised] | None:
        """What a rule says after the edit: what it said of all that it was not asked about, and what it says.

        None where that points to what is gone, or where it says something else than before of what it does
        not judge in parts: then it does not do so here.
        """
        left = [one for one in said if asked.keeps(one.hit.resource)]
        gone = {id(one.document) for one in self.gone}
        if any(_points_to(one, gone) for one in left) or _uncovered(said, asked) != _uncovered(anew, asked):
            return None
        return [*left, *(one for one in anew if not asked.keeps(one.hit.resource))]


def _is_object(one: Resource | None) -> bool:
    return one is not None


def _are_same(some: Sequence[object], others: Sequence[object]) -> bool:
    return some is others or (len(some) == len(others) and all(map(is_, some, others)))


def _points_to(raised: Raised, documents: Collection[int]) -> bool:
    """Whether one of the places of a finding is in one of the documents."""
    hit = raised.hit
    places = (hit.at, *(one.at for one in hit.related))
    return any(isinstance(one, Field) and id(one.document) in documents for one in places)


def _uncovered(found: Sequence[Raised], asked: Asked) -> Counter[tuple[str, str, str]]:
    """What is said of objects that a rule does not judge in parts."""
    held = (one.finding for one in found if not asked.covers(one.hit.resource))
    return Counter((one.fingerprint, one.message, str(one.location)) for one in held)


def with_only(worlds: Worlds[World], shown: Shown | None, held: Collection[Resource] = ()) -> Worlds[World]:
    """The worlds with no objects of some kinds but those shown; with None, with the held ones alone."""
    taken = _showing(worlds.taken, shown, held)
    written = None if worlds.written is None else _showing(worlds.written, shown, held)
    return evolve(worlds, taken=taken, written=written, shortcuts=None)


def _showing(world: World, shown: Shown | None, held: Collection[Resource]) -> World:
    resources = world.resources
    if shown is None:
        parted: Mapping[Kind, tuple[Resource, ...]] = by_kind(
            one for one in resources.resources if one in held
        )
    else:
        parted = {one: _of_those(resources.of(*one), shown.get(one)) for one in resources.kinds}
    part = ResourceSet(None, resources.foreign, resources.kustomized, resources.collections, parted)
    return World(world.mesh.showing(part), world.admission, world.problems)


def _of_those(some: tuple[Resource, ...], shown: Collection[Resource] | None) -> tuple[Resource, ...]:
    return some if shown is None else tuple(one for one in some if one in shown)


def _set_of(held: Collection[Resource]) -> ResourceSet:
    return ResourceSet(tuple(held), (), frozenset(), None, by_kind(held))


def _only_in(kinds: Collection[Kind], some: ResourceSet, others: ResourceSet) -> frozenset[Resource]:
    there = {one for kind in kinds for one in others.of(*kind)}
    return frozenset(one for kind in kinds for one in some.of(*kind) if one not in there)
