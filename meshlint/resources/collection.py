"""The objects of a whole input set."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cached_property
from itertools import chain, pairwise
from operator import is_
from typing import Any

from meshlint.documents import Document
from meshlint.resources.order import Kind, are_single, by_kind, called, grouped, inserted, name_of, ordered
from meshlint.resources.resource import DEFAULT_NAMESPACE, Resource, resource_of
from meshlint.resources.side_by_side import Collections, Parts, collections_of, named_collections
from meshlint.values import frozen

Keeps = Callable[[Resource], bool]

_PATCH = "$patch"


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
        again = (those for those in self._namesakes if those[0].kind != "Namespace")
        return collections_of(({one.document.file for one in those} for those in again), self._named)

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
        return tuple(those for those in self._namesakes if not those[0].name.endswith("*"))

    @cached_property
    def _namesakes(self) -> tuple[tuple[Resource, ...], ...]:
        """The objects of one name, where several have it: they stand side by side."""
        named = [one for one in self.resources if one.name]
        groups: list[list[Resource]] = []
        for one, other in pairwise(named):
            if one.name != other.name or name_of(one) != name_of(other):
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
        held = [(one, _objects(one, namespace)) for one in documents if one.value is not None]
        parted, kept = self._exchanged(gone, chain.from_iterable(objects for _, objects in held))
        foreign = (*self.foreign, *(one for one, objects in held if not objects))
        known = self.collections if "repeated" in kept and self.known is None else None
        made = ResourceSet(None, foreign, self.kustomized, known, parted)
        vars(made).update(kept)
        return made

    def edited(
        self, gone: Iterable[Document], come: Iterable[Document], namespace: str
    ) -> ResourceSet | None:
        """The set that is collected of other documents in place of some, told from this one.

        None where a document among them holds no object, or this is a part of another set.
        """
        went = [self._written_in(one, namespace) for one in gone if one.value is not None]
        held = [tuple(_objects(one, namespace)) for one in come if one.value is not None]
        if self.known is not None or not (all(went) and all(held)):
            return None
        old, new = tuple(chain.from_iterable(went)), tuple(chain.from_iterable(held))
        parted, kept = self._exchanged(old, new)
        made = ResourceSet(None, self.foreign, self.kustomized, None, parted)
        if "repeated" in kept and self._lie_alike(old, new):
            kept.update(collections=self.collections, _files=self._files, _named=self._named)
        vars(made).update(kept)
        return made

    def _written_in(self, document: Document, namespace: str) -> tuple[Resource, ...]:
        """The objects of the set that a document holds."""
        named = dict.fromkeys(map(name_of, _objects(document, namespace)))
        held = chain.from_iterable(self.called(*name) for name in named)
        return tuple(one for one in held if one.document is document)

    def _lie_alike(self, gone: Collection[Resource], come: Collection[Resource]) -> bool:
        """Whether the very same files hold objects once some are gone and others have come."""
        odd = {one.document.file for one in gone} ^ {one.document.file for one in come}
        return not odd or odd <= {one.document.file for one in self.resources if one not in gone}

    def _exchanged(
        self, gone: Collection[Resource], come: Iterable[Resource]
    ) -> tuple[dict[Kind, tuple[Resource, ...]], dict[str, Any]]:
        """The objects by kind with others in place of some, and what of this set is true of these as well."""
        parted, out = dict(self._by_kind), set(map(id, gone))
        new = by_kind(come)
        is_single = True
        for kind in {(one.group, one.kind) for one in gone} | new.keys():
            before = parted.pop(kind, ())
            left = [one for one in before if id(one) not in out]
            those, went = new.get(kind, ()), [one for one in before if id(one) in out]
            is_own = are_single(those, left)
            is_single &= is_own and are_single(went, left)
            if objects := tuple(inserted(left, those) if is_own else ordered((*left, *those))):
                parted[kind] = objects
        kept: dict[str, Any] = {"repeated": self.repeated} if is_single else {}
        if _places(gone) == _places(chain.from_iterable(new.values())):
            kept.update(namespaces=self.namespaces)
        return parted, kept

    def called(self, group: str, kind: str, namespace: str, name: str) -> tuple[Resource, ...]:
        """The objects of a kind that are called so: several where one is written several times."""
        if self.whole is None:
            return called(self.of(group, kind), (group, kind, namespace, name))
        return tuple(filter(self.keeps, self.whole.called(group, kind, namespace, name)))

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
            found = self._places[group, kind] = grouped(self.of(group, kind), lambda one: one.namespace)
        return found

    @property
    def most(self) -> int:
        """How many objects there are; of a part, how many there are in the whole."""
        return len(self.resources) if self.whole is None else self.whole.most

    @cached_property
    def versions(self) -> tuple[tuple[Resource, ...], ...]:
        """The objects of each version of each kind, together."""
        return tuple(grouped(self.resources, lambda one: (one.group, one.version, one.kind)).values())

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
    found: list[Resource] = []
    foreign: list[Document] = []
    for document in documents:
        if document.value is None:
            continue
        held = before.get(id(document)) or _objects(document, namespace)
        found += held
        if not held:
            foreign.append(document)
    parted = {kind: tuple(ordered(those, places)) for kind, those in sorted(by_kind(found).items())}
    return ResourceSet(None, tuple(foreign), frozenset(kustomized), parted=parted)


def _objects(document: Document, namespace: str) -> list[Resource]:
    value = document.value
    if not isinstance(value, dict):
        return []
    whole = resource_of(document, (), value, namespace)
    if whole is None or _PATCH in value:
        return []
    items = value.get("items")
    if not (isinstance(items, list) and whole.kind.endswith("List")):
        return [whole]
    members = (
        resource_of(document, ("items", index), item, namespace)
        for index, item in enumerate(items)
        if isinstance(item, dict)
    )
    return [one for one in members if one is not None]
