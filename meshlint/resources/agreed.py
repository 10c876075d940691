"""What two sets of objects agree on."""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property
from typing import Any, TypeVar

from meshlint.documents import Document
from meshlint.resources.collection import Keeps, ResourceSet
from meshlint.resources.order import Kind
from meshlint.resources.resource import Resource
from meshlint.resources.side_by_side import Collections
from meshlint.values import frozen

Answer = TypeVar("Answer")


class DisputedError(BaseException):
    """Something was asked to which two sets may give two answers.

    It is no mistake of whoever asked, so that nobody catches it who catches mistakes.
    """


@frozen(eq=False, slots=False, repr=False)
class AgreedSet:
    """A set and a part of it, as far as they hold the very same objects.

    Whoever asks for anything else gets no answer: so what follows from answers holds of both sets.
    """

    whole: ResourceSet
    part: ResourceSet
    disputed: frozenset[Kind]
    """The kinds of which the part lacks an object."""

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

    @property
    def most(self) -> int:
        """How many objects there are at most."""
        return self.whole.most

    @property
    def foreign(self) -> tuple[Document, ...]:
        """The documents that hold none."""
        return self.whole.foreign

    @property
    def kustomized(self) -> frozenset[str]:
        """Directories with a kustomization."""
        return self.whole.kustomized

    @cached_property
    def namespaces(self) -> frozenset[str]:
        """The namespaces that any object lives in or declares."""
        return self._same(self.whole.namespaces, self.part.namespaces)

    @cached_property
    def collections(self) -> Collections:
        """Which directories hold several things side by side."""
        return self._same(self.whole.collections, self.part.collections)

    def _about(self, group: str, kind: str) -> ResourceSet:
        if (group, kind) in self.disputed:
            raise DisputedError
        return self.whole

    def _same(self, one: Answer, other: Answer) -> Answer:
        if one != other:
            raise DisputedError
        return one

    def __getattr__(self, name: str) -> Any:
        """Whatever else a set answers is about all of it."""
        raise DisputedError
