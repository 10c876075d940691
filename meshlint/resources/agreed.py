"""What two sets of objects agree on."""

from __future__ import annotations

from functools import cached_property
from typing import Any, TypeVar

from meshlint.resources.asked import AskedSet, SameDocuments
from meshlint.resources.collection import ResourceSet
from meshlint.resources.order import Kind
from meshlint.resources.side_by_side import Collections
from meshlint.values import frozen

Answer = TypeVar("Answer")


class DisputedError(BaseException):
    """Something was asked to which two sets may give two answers.

    It is no mistake of whoever asked, so that nobody catches it who catches mistakes.
    """


@frozen(eq=False, slots=False, repr=False)
class AgreedSet(SameDocuments, AskedSet):
    """A set and a part of it, as far as they hold the very same objects.

    Whoever asks for anything else gets no answer: so what follows from answers holds of both sets.
    """

    part: ResourceSet
    disputed: frozenset[Kind]
    """The kinds of which the part lacks an object."""

    @property
    def most(self) -> int:
        """How many objects there are at most."""
        return self.whole.most

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
