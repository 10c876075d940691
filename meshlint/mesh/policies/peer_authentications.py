"""Which PeerAuthentications bear on a workload."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from functools import cached_property

from meshlint.matching import SelectorIndex
from meshlint.mesh.parts import Places
from meshlint.mesh.settings.settings import MeshSettings, MtlsMode
from meshlint.mesh.shelves import Shelf
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

    shelf: Shelf[PeerAuthentication]
    settings: MeshSettings

    @property
    def all(self) -> tuple[PeerAuthentication, ...]:
        """All of them."""
        return self.shelf.all

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

    @cached_property
    def mesh(self) -> tuple[PeerAuthentication, ...]:
        """Those for the whole mesh."""
        return self._scoped(self.settings.root_namespace, Scope.MESH)

    @cached_property
    def _by_namespace(self) -> Places[tuple[PeerAuthentication, ...]]:
        return Places(self.shelf.homes, lambda place: self._scoped(place, Scope.NAMESPACE))

    @cached_property
    def _by_labels(self) -> Places[tuple[PeerAuthentication, ...]]:
        return Places(self.shelf.homes, lambda place: self._scoped(place, Scope.WORKLOAD))

    def of_labels(self, namespace: str) -> tuple[PeerAuthentication, ...]:
        """Those of a namespace that select by labels."""
        return self._by_labels.get(namespace, ())

    @cached_property
    def _selecting(self) -> Places[SelectorIndex[PeerAuthentication]]:
        def made(place: str) -> SelectorIndex[PeerAuthentication] | None:
            chosen = [(one.selector, one) for one in self.of_labels(place) if one.selector is not None]
            entries = [(selector.labels, one) for selector, one in chosen]
            return SelectorIndex(entries) if entries else None

        return Places(self.shelf.homes, made)

    def _scoped(self, place: str, scope: Scope) -> tuple[PeerAuthentication, ...]:
        return tuple(policy for policy in self.shelf.living(place) if self.scope(policy) is scope)

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
