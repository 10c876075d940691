"""The views of the objects of one kind, of which nobody makes or judges more than is asked for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from functools import cached_property, partial
from typing import Generic, TypeVar

from meshlint.matching import HostIndex
from meshlint.mesh.parts import Index, Later, Part, Placed, Places, by_place, made_of
from meshlint.resources import Resource, ResourceSet
from meshlint.values import frozen

View = TypeVar("View")
Here = TypeVar("Here", bound=Placed)
Numbered = tuple[int, Resource]
"""An object and its number in the order of all of its kind."""


@frozen(eq=False, slots=False, repr=False)
class Shelf(Generic[View]):
    """The views of some objects: all of them, or those of one namespace alone.

    `part` stands for the objects: with the same ones, what is made of the shelf is the same.
    """

    part: object
    made: Callable[[], tuple[View, ...]]
    living: Callable[[str], tuple[View, ...]]
    """The views of the objects that live in a namespace, in the order of their names."""
    homes: Callable[[], Collection[str]]
    """The namespaces of which any may have an object."""

    @cached_property
    def all(self) -> tuple[View, ...]:
        """All views, in the order of their names."""
        return self.made()

    def placed(self, index: Index, make: Callable[[tuple[View, ...]], Part]) -> Places[Part]:
        """What is made of the views of each namespace: an edit of one leaves those of the others."""

        def made(place: str) -> Part | None:
            those = self.living(place)
            return made_of(index, (make, place), partial(make, those), those) if those else None

        return Places(self.homes, made)


def shelf_of(views: tuple[Here, ...]) -> Shelf[Here]:
    """Views that are there already."""
    there = Later(partial(by_place, views))
    return Shelf(views, lambda: views, lambda place: there.value.get(place, ()), lambda: there.value)


@frozen(eq=False, slots=False, repr=False)
class Kind(Generic[View]):
    """The objects of one kind in a set, and what is made of each."""

    resources: ResourceSet
    group: str
    kind: str
    is_read: Callable[[tuple[Resource, ...]], tuple[Resource, ...]]
    """Those of some objects that the mesh reads."""
    view: Callable[[Resource], View]

    @cached_property
    def shelf(self) -> Shelf[View]:
        """Their views."""
        return Shelf(Later(self._objects), self._all, self._living, self._homes)

    @property
    def objects(self) -> tuple[Resource, ...]:
        """The objects themselves, in the order of their names."""
        return self._objects()

    def where(self, is_meant: Callable[[Resource], bool]) -> tuple[View, ...]:
        """The views of the objects that are meant, of which it is asked before they are judged."""
        return self._viewed(self.resources.where(self.group, self.kind, is_meant))

    def called(self, namespace: str, name: str) -> tuple[View, ...]:
        """The views of the objects of that name."""
        return self._viewed(self.resources.called(self.group, self.kind, namespace, name))

    def named(self, name: str) -> tuple[View, ...]:
        """The views of the objects of a name, in whichever namespace."""
        return self.kept(self._by_name.get(name, ()))

    @cached_property
    def _by_name(self) -> dict[str, list[Resource]]:
        found: dict[str, list[Resource]] = {}
        for one in self.resources.possible(self.group, self.kind):
            found.setdefault(one.name, []).append(one)
        return found

    def by_host(self, hosts: Callable[[Resource], Iterable[str]]) -> HostShelf[View]:
        """The views by hosts that their objects name."""
        return HostShelf(self, Later(partial(self._hosted, hosts)))

    def _hosted(self, hosts: Callable[[Resource], Iterable[str]]) -> HostIndex[Numbered]:
        held = enumerate(self.resources.possible(self.group, self.kind))
        return HostIndex((host, (number, one)) for number, one in held for host in hosts(one))

    def kept(self, some: Iterable[Resource]) -> tuple[View, ...]:
        """The views of those of some objects that are in the set."""
        return self._viewed(tuple(filter(self.resources.holds, some)))

    def _viewed(self, some: tuple[Resource, ...]) -> tuple[View, ...]:
        return tuple(map(self.view, self.is_read(some)))

    def _objects(self) -> tuple[Resource, ...]:
        return self.is_read(self.resources.of(self.group, self.kind))

    def _all(self) -> tuple[View, ...]:
        return tuple(map(self.view, self._objects()))

    def _living(self, place: str) -> tuple[View, ...]:
        return self._viewed(self.resources.living(self.group, self.kind, place))

    def _homes(self) -> Collection[str]:
        return self.resources.homes(self.group, self.kind)


@frozen(eq=False, slots=False, repr=False)
class HostShelf(Generic[View]):
    """Views by the hosts that their objects name, each judged and made when a host leads to it."""

    kind: Kind[View]
    index: Later[HostIndex[Numbered]]
    is_meant: Callable[[Resource], bool] = lambda _: True

    def only(self, is_meant: Callable[[Resource], bool]) -> HostShelf[View]:
        """Those of which something holds that is told from the object as it is written."""
        return HostShelf(self.kind, self.index, is_meant)

    def of(self, host: str) -> tuple[View, ...]:
        """The views that are for a host (or pattern), in the order of all."""
        found = dict(one for _, those in self.index.value.covering(host) for one in those)
        return self._kept(found[number] for number in sorted(found))

    def covering(self, host: str) -> tuple[tuple[str, tuple[View, ...]], ...]:
        """Every pattern that covers the host (or pattern) with its views, the most specific first."""
        found = self.index.value.covering(host)
        held = ((pattern, self._kept(one for _, one in those)) for pattern, those in found)
        return tuple((pattern, views) for pattern, views in held if views)

    def overlapping(self, pattern: str) -> tuple[tuple[str, View], ...]:
        """Each pattern that shares a host with the given one, with its view, in the order of all."""
        found = self.index.value.overlapping(pattern)
        return tuple((name, view) for name, (_, one) in found for view in self._kept((one,)))

    def _kept(self, some: Iterable[Resource]) -> tuple[View, ...]:
        return self.kind.kept(filter(self.is_meant, some))
