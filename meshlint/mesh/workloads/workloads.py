"""The workloads of the mesh, found by namespace and labels."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property

from meshlint.matching import LabelIndex, LabelSelector
from meshlint.mesh.names.written import split_name
from meshlint.mesh.shelves import Shelf
from meshlint.resources.kubernetes.workload import Workload
from meshlint.values import frozen


@frozen(eq=False, slots=False, repr=False)
class Together:
    """Workloads that lie together in one namespace."""

    all: tuple[Workload, ...]

    @cached_property
    def by_label(self) -> LabelIndex[Workload]:
        """The workloads by their labels."""
        return _index(self.all)

    @cached_property
    def by_own_label(self) -> LabelIndex[Workload]:
        """The workloads that are more than a pod, by the labels of their own metadata."""
        return LabelIndex((one.labels, one) for one in self.all if one.kind != "Pod")

    @cached_property
    def by_name(self) -> dict[str, tuple[Workload, ...]]:
        """The workloads of each name, by kind."""
        return _by_name(self.all)


@frozen(eq=False, slots=False, repr=False)
class Workloads:
    """All workloads, with indexes by namespace and label."""

    shelf: Shelf[Workload]
    made_patches: Callable[[], tuple[Workload, ...]]
    homes_of: Callable[[str], Iterable[str]]
    """The namespaces that may have a workload of a name, sorted."""
    within: Mapping[str, Together]
    """The workloads of each namespace: with the same ones there, it is the same as in another mesh."""

    @property
    def all(self) -> tuple[Workload, ...]:
        """All of them."""
        return self.shelf.all

    @cached_property
    def patches(self) -> tuple[Workload, ...]:
        """What only changes parts of others."""
        return self.made_patches()

    @cached_property
    def _everywhere(self) -> LabelIndex[Workload]:
        return _index(self.all)

    @cached_property
    def namespaces(self) -> tuple[str, ...]:
        """The namespaces that have workloads, sorted."""
        return tuple(sorted(self.within))

    def in_namespace(self, namespace: str) -> tuple[Workload, ...]:
        """The workloads of one namespace."""
        here = self.within.get(namespace)
        return () if here is None else here.all

    def within_reach(self, namespace: str | None) -> tuple[Workload, ...]:
        """The workloads of one namespace or, with None, all of them."""
        return self.all if namespace is None else self.in_namespace(namespace)

    def named(self, text: str) -> tuple[Workload, ...]:
        """The workloads that `NAME` or `NAMESPACE/NAME` may mean, by namespace and kind."""
        namespace, name = split_name(text)
        places = self.homes_of(name) if namespace is None else (namespace,)
        held = (here for place in places if (here := self.within.get(place)) is not None)
        return tuple(one for here in held for one in here.by_name.get(name, ()))

    def patches_of(self, workload: Workload) -> tuple[Workload, ...]:
        """The patches that may be meant for `workload`, in whichever namespace they are written."""
        return self._patches.get((workload.kind, workload.name), ())

    @cached_property
    def _patches(self) -> dict[tuple[str, str], tuple[Workload, ...]]:
        found: dict[tuple[str, str], list[Workload]] = {}
        for one in self.patches:
            found.setdefault((one.kind, one.name), []).append(one)
        return {name: tuple(patches) for name, patches in found.items()}

    def select(self, namespace: str | None, selector: LabelSelector) -> tuple[Workload, ...]:
        """The workloads whose pods `selector` admits, in one namespace or, with None, in all of them."""
        if namespace is None:
            return self._everywhere.select(selector)
        here = self.within.get(namespace)
        return () if here is None else here.by_label.select(selector)

    def labelled(self, namespace: str | None, labels: Mapping[str, str]) -> tuple[Workload, ...]:
        """The workloads whose pods carry all of `labels`."""
        if namespace is None:
            return self._everywhere.carrying(labels)
        here = self.within.get(namespace)
        return () if here is None else here.by_label.carrying(labels)

    def labelled_themselves(self, namespace: str, labels: Mapping[str, str]) -> tuple[Workload, ...]:
        """The workloads of one namespace that carry all of `labels` beside their pods, which may not."""
        here = self.within.get(namespace)
        return () if here is None else here.by_own_label.carrying(labels)


def _by_name(workloads: Iterable[Workload]) -> dict[str, tuple[Workload, ...]]:
    """The workloads of each name, by namespace and kind."""
    found: dict[str, list[Workload]] = {}
    for workload in sorted(workloads, key=lambda one: (one.namespace, one.kind)):
        found.setdefault(workload.name, []).append(workload)
    return {name: tuple(those) for name, those in found.items()}


def _index(workloads: tuple[Workload, ...]) -> LabelIndex[Workload]:
    return LabelIndex((workload.pod_labels, workload) for workload in workloads)
