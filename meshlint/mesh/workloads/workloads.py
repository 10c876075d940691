"""The workloads of the mesh, found by namespace and labels."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from meshlint.matching import LabelIndex, LabelSelector
from meshlint.mesh.names.written import split_name
from meshlint.resources.kubernetes.workload import Workload
from meshlint.values import frozen


@frozen(eq=False, slots=False, repr=False)
class Workloads:
    """All workloads, with indexes by namespace and label; `patches` only change parts of others."""

    all: tuple[Workload, ...]
    patches: tuple[Workload, ...] = ()

    @cached_property
    def _by_namespace(self) -> dict[str, tuple[Workload, ...]]:
        found: dict[str, list[Workload]] = {}
        for workload in self.all:
            found.setdefault(workload.namespace, []).append(workload)
        return {namespace: tuple(workloads) for namespace, workloads in found.items()}

    @cached_property
    def _local(self) -> dict[str, LabelIndex[Workload]]:
        return {namespace: _index(workloads) for namespace, workloads in self._by_namespace.items()}

    @cached_property
    def _everywhere(self) -> LabelIndex[Workload]:
        return _index(self.all)

    @cached_property
    def _by_name(self) -> dict[str, tuple[Workload, ...]]:
        found: dict[str, list[Workload]] = {}
        for workload in sorted(self.all, key=lambda one: (one.namespace, one.kind)):
            found.setdefault(workload.name, []).append(workload)
        return {name: tuple(workloads) for name, workloads in found.items()}

    @property
    def namespaces(self) -> tuple[str, ...]:
        """The namespaces that have workloads, sorted."""
        return tuple(sorted(self._by_namespace))

    def in_namespace(self, namespace: str) -> tuple[Workload, ...]:
        """The workloads of one namespace."""
        return self._by_namespace.get(namespace, ())

    def named(self, text: str) -> tuple[Workload, ...]:
        """The workloads that `NAME` or `NAMESPACE/NAME` may mean, by namespace and kind."""
        namespace, name = split_name(text)
        found = self._by_name.get(name, ())
        return tuple(one for one in found if namespace is None or one.namespace == namespace)

    def patches_of(self, workload: Workload) -> tuple[Workload, ...]:
        """The patches that may be meant for `workload`, in whichever namespace they are written."""
        return tuple(one for one in self.patches if (one.kind, one.name) == (workload.kind, workload.name))

    def select(self, namespace: str | None, selector: LabelSelector) -> tuple[Workload, ...]:
        """The workloads whose pods `selector` admits, in one namespace or, with None, in all of them."""
        index = self._everywhere if namespace is None else self._local.get(namespace)
        return () if index is None else index.select(selector)

    def labelled(self, namespace: str | None, labels: Mapping[str, str]) -> tuple[Workload, ...]:
        """The workloads whose pods carry all of `labels`."""
        return self.select(namespace, LabelSelector.of(labels))


def _index(workloads: tuple[Workload, ...]) -> LabelIndex[Workload]:
    return LabelIndex((workload.pod_labels, workload) for workload in workloads)
