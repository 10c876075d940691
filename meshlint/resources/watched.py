"""A set of objects that notes what is asked of it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from meshlint.resources.collection import Keeps, ResourceSet
from meshlint.resources.order import Kind
from meshlint.resources.resource import Resource
from meshlint.values import field, frozen


@frozen(eq=False, repr=False)
class Reads:
    """The kinds that were asked for, and what was asked of all objects, whatever their kind."""

    kinds: set[Kind] = field(factory=set)
    everything: list[str] = field(factory=list)


@frozen(eq=False, repr=False)
class WatchedSet:
    """A set of objects, and what was read of it."""

    whole: ResourceSet
    reads: Reads

    def of(self, group: str, kind: str) -> tuple[Resource, ...]:
        """The objects of one kind."""
        self.reads.kinds.add((group, kind))
        return self.whole.of(group, kind)

    def living(self, group: str, kind: str, namespace: str) -> tuple[Resource, ...]:
        """The objects of one kind that live in a namespace."""
        self.reads.kinds.add((group, kind))
        return self.whole.living(group, kind, namespace)

    def homes(self, group: str, kind: str) -> Collection[str]:
        """The namespaces that objects of one kind live in."""
        self.reads.kinds.add((group, kind))
        return self.whole.homes(group, kind)

    def where(self, group: str, kind: str, is_meant: Keeps) -> tuple[Resource, ...]:
        """The objects of one kind that are meant."""
        self.reads.kinds.add((group, kind))
        return self.whole.where(group, kind, is_meant)

    def possible(self, group: str, kind: str) -> tuple[Resource, ...]:
        """The objects of one kind of which any may be in the set."""
        self.reads.kinds.add((group, kind))
        return self.whole.possible(group, kind)

    def holds(self, one: Resource) -> bool:
        """Whether a possible object is in the set."""
        self.reads.kinds.add((one.group, one.kind))
        return self.whole.holds(one)

    def called(self, group: str, kind: str, namespace: str, name: str) -> tuple[Resource, ...]:
        """The objects of one kind that are called so."""
        self.reads.kinds.add((group, kind))
        return self.whole.called(group, kind, namespace, name)

    def __getattr__(self, name: str) -> Any:
        """Whatever else a set answers is about all of it."""
        self.reads.everything.append(name)
        return getattr(self.whole, name)
