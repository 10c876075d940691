"""The objects of a whole input set."""

from __future__ import annotations

import json
from bisect import bisect_left, insort
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain, groupby, islice, pairwise, takewhile
from operator import is_, itemgetter
from types import MappingProxyType
from typing import TypeVar

from meshlint.documents import Document
from meshlint.resources.resource import DEFAULT_NAMESPACE, Resource, resource_of
from meshlint.resources.side_by_side import Collections, Parts, collections_of, named_collections
from meshlint.values import frozen

Key = TypeVar("Key", bound=Hashable)
Kind = tuple[str, str]
Keeps = Callable[[Resource], bool]

_PATCH = "$patch"
_FIRST = itemgetter(0)


@frozen(eq=False, slots=False, repr=False)
class ResourceSet:
    """All objects that were read, in a stable order, and the documents that hold none."""

    _resources: tuple[Resource, ...] | None
    foreign: tuple[Document, ...] = ()
    kustomized: frozenset[str] = frozenset()
    """Directories with a kustomization, which may place objects that name no namespace."""
    known: Collections | None = None
    """The collections of a greater set that this one is a part of."""
    parted: Mapping[Kind, tuple[Resource, ...]] | None = None
    """The objects by kind, where that is known already: all of them are then put together if asked for."""
    whole: ResourceSet | None = None
    """The set that this one is a part of, where it is found out of each object whether it is in the part."""
    keeps: Keeps | None = None
    """Which objects of the whole are in this part: asked of an object when somebody asks for it."""

    def part(self, keeps: Keeps) -> ResourceSet:
        """A part of the set, of which nobody finds out more than is asked for."""
        return ResourceSet(None, self.foreign, self.kustomized, self.known, None, self, keeps)

    @cached_property
    def resources(self) -> tuple[Resource, ...]:
        """All of them, in the order of their kinds and names."""
        if self._resources is not None:
            return self._resources
        return tuple(chain.from_iterable(self._by_kind[kind] for kind in sorted(self._by_kind)))

    @cached_property
    def collections(self) -> Collections:
        """Which directories hold several things side by side, as names and what is written twice show."""
        if self.known is not None:
            return self.known
        if self.whole is not None and len(self.resources) == len(self.whole.resources):
            return self.whole.collections
        first: dict[tuple[str, ...], str] = {}
        again: dict[tuple[str, ...], set[str]] = {}
        for one in self.resources:
            file, name = one.document.file, _name(one)
            if first.setdefault(name, file) != file and one.name and one.kind != "Namespace":
                again.setdefault(name, {first[name]}).add(file)
        return collections_of(again.values(), self._named)

    @cached_property
    def _files(self) -> frozenset[str]:
        return frozenset(one.document.file for one in self.resources)

    @cached_property
    def _named(self) -> frozenset[Parts]:
        return named_collections(self._files)

    def beside(self, other: ResourceSet) -> ResourceSet:
        """The same set, which need not find out again what another one knows of the same files."""
        if self._files == other._files:
            vars(self).update(_files=other._files, _named=other._named)
        return self

    @cached_property
    def repeated(self) -> tuple[tuple[Resource, ...], ...]:
        """The objects that are written several times, each time of each; those without a whole name apart."""
        named = [one for one in self.resources if one.name and not one.name.endswith("*")]
        groups: list[list[Resource]] = []
        for one, other in pairwise(named):
            if one.name != other.name or _name(one) != _name(other):
                continue
            if groups and groups[-1][-1] is one:
                groups[-1].append(other)
            else:
                groups.append([one, other])
        return tuple(map(tuple, groups))

    @cached_property
    def _by_kind(self) -> dict[Kind, tuple[Resource, ...]]:
        if self.whole is not None:
            kinds = self.whole._by_kind
            return {kind: found for kind in kinds if (found := self.of(*kind))}
        return by_kind(self._resources or ()) if self.parted is None else dict(self.parted)

    @cached_property
    def _places(self) -> dict[Kind, dict[str, tuple[Resource, ...]]]:
        """The objects of a kind by namespace, of the kinds that were asked for."""
        return {}

    @cached_property
    def _kept(self) -> dict[tuple[str, ...], tuple[Resource, ...]]:
        """The objects in this part of a kind, or of a kind in a namespace, that were asked for."""
        return {}

    def _among(self, some: tuple[Resource, ...], *asked: str) -> tuple[Resource, ...]:
        """Those of some objects of the whole that are in this part: the very tuple where all of them are."""
        found = self._kept.get(asked)
        if found is None:
            left = tuple(filter(self.keeps, some))
            found = self._kept[asked] = some if len(left) == len(some) else left
        return found

    def only(self, resources: Iterable[Resource]) -> ResourceSet:
        """A part of the set, with the same order and the same documents beside it."""
        return ResourceSet(tuple(resources), self.foreign, self.kustomized, self.known)

    def replaced(
        self, gone: Collection[Resource], documents: Iterable[Document], namespace: str
    ) -> ResourceSet:
        """The set without some objects and with those in `documents`; other kinds are as before."""
        parted, out = dict(self._by_kind), set(map(id, gone))
        held = [(one, list(_objects(one, namespace))) for one in documents if one.value is not None]
        new = by_kind(chain.from_iterable(objects for _, objects in held))
        is_single = True
        for kind in {(one.group, one.kind) for one in gone} | new.keys():
            before = parted.pop(kind, ())
            left = [one for one in before if id(one) not in out]
            come, went = new.get(kind, ()), [one for one in before if id(one) in out]
            is_own = _are_single(come, left)
            is_single &= is_own and _are_single(went, left)
            if objects := tuple(_inserted(left, come) if is_own else _ordered((*left, *come))):
                parted[kind] = objects
        foreign = (*self.foreign, *(one for one, objects in held if not objects))
        known = self.collections if is_single and self.known is None else None
        made = ResourceSet(None, foreign, self.kustomized, known, parted)
        if _places(gone) == _places(chain.from_iterable(new.values())):
            vars(made).update(namespaces=self.namespaces)
        if is_single:
            vars(made).update(repeated=self.repeated)
        return made

    def called(self, group: str, kind: str, namespace: str, name: str) -> tuple[Resource, ...]:
        """The objects of a kind that are called so: several where one is written several times."""
        name_of = (group, kind, namespace, name)
        if self.whole is None:
            return _called(self.of(group, kind), name_of)
        return tuple(filter(self.keeps, self.whole.called(*name_of)))

    def of(self, group: str, kind: str) -> tuple[Resource, ...]:
        """The objects of one kind, at any version, in the order of their names."""
        if self.whole is not None:
            return self._among(self.whole.of(group, kind), group, kind)
        return self._by_kind.get((group, kind), ())

    def living(self, group: str, kind: str, namespace: str) -> tuple[Resource, ...]:
        """The objects of one kind that live in a namespace, in the order of their names."""
        if self.whole is not None:
            return self._among(self.whole.living(group, kind, namespace), group, kind, namespace)
        return self._placed(group, kind).get(namespace, ())

    def homes(self, group: str, kind: str) -> Collection[str]:
        """The namespaces that objects of one kind live in; of a part, those of the whole."""
        return self._placed(group, kind).keys() if self.whole is None else self.whole.homes(group, kind)

    def where(self, group: str, kind: str, is_meant: Keeps) -> tuple[Resource, ...]:
        """The objects of one kind that are meant, in the order of their names."""
        if self.whole is None:
            return tuple(filter(is_meant, self.of(group, kind)))
        return tuple(filter(self.keeps, self.whole.where(group, kind, is_meant)))

    def possible(self, group: str, kind: str) -> tuple[Resource, ...]:
        """The objects of one kind of which any may be in the set: of a part, those of the whole."""
        return self.of(group, kind) if self.whole is None else self.whole.possible(group, kind)

    def holds(self, one: Resource) -> bool:
        """Whether a possible object is in the set."""
        return self.keeps is None or self.keeps(one)

    def _placed(self, group: str, kind: str) -> dict[str, tuple[Resource, ...]]:
        found = self._places.get((group, kind))
        if found is None:
            found = self._places[group, kind] = _grouped(self.of(group, kind), lambda one: one.namespace)
        return found

    @property
    def most(self) -> int:
        """How many objects there are; of a part, how many there are in the whole."""
        return len(self.resources) if self.whole is None else self.whole.most

    @cached_property
    def versions(self) -> tuple[tuple[Resource, ...], ...]:
        """The objects of each version of each kind, together."""
        return tuple(_grouped(self.resources, lambda one: (one.group, one.version, one.kind)).values())

    @property
    def kinds(self) -> dict[Kind, int]:
        """How many objects of each kind there are."""
        return {kind: len(found) for kind, found in sorted(self._by_kind.items())}

    @cached_property
    def namespaces(self) -> frozenset[str]:
        """The namespaces that any object lives in or declares."""
        declared = {resource.name for resource in self.of("", "Namespace")}
        return frozenset(declared | {r.namespace for r in self.resources if r.namespace})


def _places(resources: Iterable[Resource]) -> frozenset[str]:
    """The namespaces that objects live in or declare."""
    return frozenset(one.name if one.kind == "Namespace" else one.namespace for one in resources)


def _inserted(held: list[Resource], come: Iterable[Resource]) -> list[Resource]:
    """Objects in the order of their names, with some more of which each has another name."""
    for one in come:
        insort(held, one, key=_name)
    return held


def _are_single(some: Collection[Resource], others: Sequence[Resource]) -> bool:
    """Whether each of some objects of a kind is written once, those of the same kind beside them counted."""
    names = set(map(_name, some))
    return len(names) == len(some) and not any(_called(others, name) for name in names)


def _called(held: Sequence[Resource], name: tuple[str, str, str, str]) -> tuple[Resource, ...]:
    """Those of some objects in the order of their names that are called so."""
    first = bisect_left(held, name, key=_name)
    return tuple(takewhile(lambda one: _name(one) == name, islice(held, first, None)))


def by_kind(resources: Iterable[Resource]) -> dict[Kind, tuple[Resource, ...]]:
    """The objects of each kind, in their order."""
    return _grouped(resources, lambda one: (one.group, one.kind))


def _grouped(
    resources: Iterable[Resource], key: Callable[[Resource], Key]
) -> dict[Key, tuple[Resource, ...]]:
    found: dict[Key, list[Resource]] = {}
    for one in resources:
        found.setdefault(key(one), []).append(one)
    return {name: tuple(those) for name, those in found.items()}


def differing_kinds(one: ResourceSet, other: ResourceSet) -> frozenset[Kind]:
    """The kinds of which two sets do not hold the very same objects."""
    return frozenset(
        kind for kind in {*one.kinds, *other.kinds} if not _is_same(one.of(*kind), other.of(*kind))
    )


def _is_same(some: Sequence[Resource], others: Sequence[Resource]) -> bool:
    return some is others or (len(some) == len(others) and all(map(is_, some, others)))


def collect(
    documents: Iterable[Document],
    namespace: str = DEFAULT_NAMESPACE,
    kustomized: Iterable[str] = (),
    known: Iterable[Resource] = (),
) -> ResourceSet:
    """The objects in `documents`, items of a `List` taken singly, sorted so that file order never matters.

    `namespace` is where namespaced objects live that name none; `kustomized` are the directories that hold a
    kustomization. What carries a directive of a strategic-merge patch is no object.
    """
    before: dict[int, list[Resource]] = {}
    places: dict[int, int] = {}
    for place, resource in enumerate(known):
        before.setdefault(id(resource.document), []).append(resource)
        places[id(resource)] = place
    resources: list[Resource] = []
    foreign: list[Document] = []
    for document in documents:
        if document.value is None:
            continue
        found = before.get(id(document)) or list(_objects(document, namespace))
        resources.extend(found)
        if not found:
            foreign.append(document)
    return ResourceSet(tuple(_ordered(resources, places)), tuple(foreign), frozenset(kustomized))


def _objects(document: Document, namespace: str) -> Iterator[Resource]:
    if not isinstance(document.value, dict):
        return
    whole = resource_of(document, (), document.value, namespace)
    if whole is None or _PATCH in document.value:
        return
    items = document.value.get("items")
    if not (whole.kind.endswith("List") and isinstance(items, list)):
        yield whole
        return
    for index, item in enumerate(items):
        member = resource_of(document, ("items", index), item, namespace) if isinstance(item, dict) else None
        if member is not None:
            yield member


def _ordered(
    resources: Iterable[Resource], places: Mapping[int, int] = MappingProxyType({})
) -> Iterator[Resource]:
    """By name; versions of one object by what they say, so that moving or reordering text changes nothing.

    Some were put in their order before: they have `places` in it, by their `id`.
    """
    named = sorted(((_name(one), one) for one in resources), key=_FIRST)
    for _, versions in groupby(named, key=_FIRST):
        same = [one for _, one in versions]
        if len(same) == 1:
            yield same[0]
        elif all(id(one) in places for one in same):
            yield from sorted(same, key=lambda one: places[id(one)])
        else:
            yield from _by_content(same)


def _name(resource: Resource) -> tuple[str, str, str, str]:
    return (resource.group, resource.kind, resource.namespace, resource.name)


def _by_content(versions: list[Resource]) -> Iterator[Resource]:
    """By what they say and their file; the lines are looked up only of what is alike in both."""
    texts: dict[int, str] = {}
    for one in versions:
        if id(one.field.value) not in texts:  # Files with the same bytes share their values.
            texts[id(one.field.value)] = json.dumps(one.field.value, sort_keys=True)
    content = [((texts[id(one.field.value)], one.document.file), one) for one in versions]
    keyed = sorted(content, key=_FIRST)
    for _, alike in groupby(keyed, key=_FIRST):
        same = [one for _, one in alike]
        yield from same if len(same) == 1 else sorted(same, key=lambda one: one.field.span().line)
