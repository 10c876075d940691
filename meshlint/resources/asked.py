"""Sets of objects that stand before another one, and look at what is asked of it."""

from __future__ import annotations

from collections.abc import Collection

from meshlint.documents import Document
from meshlint.resources.collection import Keeps, ResourceSet
from meshlint.resources.resource import Resource
from meshlint.values import frozen


@frozen(eq=False, repr=False)
class AskedSet:
    """A set of which it is known, kind by kind, what is asked."""

    whole: ResourceSet

    def of(self, group: str, kind: str) -> tuple[Resource, ...]:
        """The objects of one kind."""
        return self._about(group, kind).of(group, kind)

    def living(self, group: str, kind: str, namespace: str) -> tuple[Resource, ...]:
        """The objects of one kind that live in a namespace."""
        return self._about(group, kind).living(group, kind, namespace)

    def homes(self, group: str, kind: str) -> Collection[str]:
        """The namespaces that objects of one kind live in."""
        return self._about(group, kind).homes(group, kind)

    def where(self, group: str, kind: str, is_meant: Keeps) -> tuple[Resource, ...]:
        """The objects of one kind that are meant."""
        return self._about(group, kind).where(group, kind, is_meant)

    def possible(self, group: str, kind: str) -> tuple[Resource, ...]:
        """The objects of one kind of which any may be in the set."""
        return self._about(group, kind).possible(group, kind)

    def holds(self, one: Resource) -> bool:
        """Whether a possible object is in the set."""
        return self._about(one.group, one.kind).holds(one)

    def called(self, group: str, kind: str, namespace: str, name: str) -> tuple[Resource, ...]:
        """The objects of one kind that are called so."""
        return self._about(group, kind).called(group, kind, namespace, name)

    def _about(self, group: str, kind: str) -> ResourceSet:
        """The set that answers what is asked about a kind."""
        raise NotImplementedError


class SameDocuments:
    """What is no object of a set, and the same whichever objects are compared."""

    whole: ResourceSet

    @property
    def foreign(self) -> tuple[Document, ...]:
        """The documents that hold none."""
        return self.whole.foreign

    @property
    def kustomized(self) -> frozenset[str]:
        """Directories with a kustomization."""
        return self.whole.kustomized
