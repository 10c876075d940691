"""Which PeerAuthentications bear on a workload."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from functools import cached_property

from meshlint.matching import SelectorIndex
from meshlint.mesh.parts import by_place
from meshlint.mesh.settings.settings import MeshSettings, MtlsMode
from meshlint.resources.istio.peer_authentication import PeerAuthentication
from meshlint.resources.kubernetes.workload import Workload
from meshlint.values import frozen


class Scope(Enum):
    """What a PeerAuthentication is for."""

    MESH = "mesh"
    NAMESPACE = "namespace"
    WORKLOAD = "workload"
    IGNORED = "ignored"


def mode_of(word: str | None) -> MtlsMode:
    """The mode that a policy's text names; an unknown text decides nothing."""
    return MtlsMode(word) if word in MtlsMode.__members__ else MtlsMode.UNSET


@frozen(eq=False, slots=False, repr=False)
class PeerAuthentications:
    """All PeerAuthentications by scope.

    Of several in one scope the oldest counts, which files seldom tell; all of them are given, by name.
    """

    all: tuple[PeerAuthentication, ...]
    settings: MeshSettings

    def scope(self, policy: PeerAuthentication) -> Scope:
        """What `policy` is for. One with labels in the root namespace is ignored everywhere."""
        in_root = policy.resource.namespace == self.settings.root_namespace
        if policy.selects_workloads:
            return Scope.IGNORED if in_root else Scope.WORKLOAD
        return Scope.MESH if in_root else Scope.NAMESPACE

    @cached_property
    def _by_scope(self) -> dict[Scope, tuple[PeerAuthentication, ...]]:
        found: dict[Scope, list[PeerAuthentication]] = {scope: [] for scope in Scope}
        for policy in self.all:
            found[self.scope(policy)].append(policy)
        return {scope: tuple(policies) for scope, policies in found.items()}

    def of_scope(self, scope: Scope) -> tuple[PeerAuthentication, ...]:
        """Those that are for the same: the mesh, a namespace, workloads or nothing."""
        return self._by_scope[scope]

    @property
    def mesh(self) -> tuple[PeerAuthentication, ...]:
        """Those for the whole mesh."""
        return self.of_scope(Scope.MESH)

    @cached_property
    def _by_namespace(self) -> dict[str, tuple[PeerAuthentication, ...]]:
        found: dict[str, list[PeerAuthentication]] = {}
        for policy in self.of_scope(Scope.NAMESPACE):
            found.setdefault(policy.resource.namespace, []).append(policy)
        return {namespace: tuple(policies) for namespace, policies in found.items()}

    @cached_property
    def _by_labels(self) -> dict[str, tuple[PeerAuthentication, ...]]:
        return by_place(self.of_scope(Scope.WORKLOAD))

    def of_labels(self, namespace: str) -> tuple[PeerAuthentication, ...]:
        """Those of a namespace that select by labels."""
        return self._by_labels.get(namespace, ())

    @cached_property
    def _selecting(self) -> dict[str, SelectorIndex[PeerAuthentication]]:
        found: dict[str, list[tuple[Mapping[str, str], PeerAuthentication]]] = {}
        for policy in self.of_scope(Scope.WORKLOAD):
            if policy.selector is not None:
                entry = (policy.selector.labels, policy)
                found.setdefault(policy.resource.namespace, []).append(entry)
        return {namespace: SelectorIndex(entries) for namespace, entries in found.items()}

    def of_namespace(self, namespace: str) -> tuple[PeerAuthentication, ...]:
        """Those for one whole namespace."""
        return self._by_namespace.get(namespace, ())

    def of_workload(self, workload: Workload) -> tuple[PeerAuthentication, ...]:
        """Those that select `workload` by its labels."""
        return self.selecting(workload.namespace, workload.pod.labels)

    def selecting(self, namespace: str, labels: Mapping[str, str]) -> tuple[PeerAuthentication, ...]:
        """Those that select pods or machines of a namespace with these labels."""
        index = self._selecting.get(namespace)
        return () if index is None else index.selecting(labels)
