"""The objects that make pods, each judged and read when somebody asks for what it makes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from functools import cached_property, partial
from itertools import chain

from meshlint.mesh.parts import Later
from meshlint.mesh.shelves import Shelf
from meshlint.resources import Resource, ResourceSet
from meshlint.resources.kubernetes.workload import WORKLOAD_KINDS, Workload
from meshlint.values import frozen

Made = tuple[tuple[Workload, ...], tuple[Workload, ...]]
"""The workloads that an object makes, and those of them that are but patches of others."""


@frozen(eq=False, slots=False, repr=False)
class Carriers:
    """The objects of a set that make pods."""

    resources: ResourceSet
    view: Callable[[Resource], Made]

    @cached_property
    def parts(self) -> tuple[Later[tuple[Resource, ...]], ...]:
        """The objects of each kind: with the same ones, the workloads are the same."""
        return tuple(Later(partial(self.resources.of, *kind)) for kind in WORKLOAD_KINDS)

    @cached_property
    def shelf(self) -> Shelf[Workload]:
        """The workloads, patches apart."""
        return Shelf(self.parts, lambda: self._made[0], self._living, self._homes)

    def patches(self) -> tuple[Workload, ...]:
        """The patches of workloads."""
        return self._made[1]

    def homes_of(self, name: str) -> tuple[str, ...]:
        """The namespaces that may have a workload of a name, sorted."""
        return self._by_name.get(name, ())

    @cached_property
    def _by_name(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, set[str]] = {}
        for one in chain.from_iterable(self.resources.possible(*kind) for kind in self._kinds):
            found.setdefault(one.name, set()).add(one.namespace)
        return {name: tuple(sorted(places)) for name, places in found.items()}

    @cached_property
    def _made(self) -> Made:
        views = [self.view(one) for part in self.parts for one in part.value]
        return _joined(wholes for wholes, _ in views), _joined(patches for _, patches in views)

    @cached_property
    def _kinds(self) -> tuple[tuple[str, str], ...]:
        return tuple(kind for kind in WORKLOAD_KINDS if self.resources.possible(*kind))

    def _living(self, place: str) -> tuple[Workload, ...]:
        held = (one for kind in self._kinds for one in self.resources.living(*kind, place))
        return _joined(self.view(one)[0] for one in held)

    def _homes(self) -> Collection[str]:
        return dict.fromkeys(chain.from_iterable(self.resources.homes(*kind) for kind in self._kinds))


def _joined(parts: Iterable[tuple[Workload, ...]]) -> tuple[Workload, ...]:
    return tuple(chain.from_iterable(parts))
