"""A set of objects that notes what is asked of it."""

from __future__ import annotations

from typing import Any

from meshlint.resources.asked import AskedSet
from meshlint.resources.collection import ResourceSet
from meshlint.resources.order import Kind
from meshlint.values import field, frozen


@frozen(eq=False, repr=False)
class Reads:
    """The kinds that were asked for, and what was asked of all objects, whatever their kind."""

    kinds: set[Kind] = field(factory=set)
    everything: list[str] = field(factory=list)


@frozen(eq=False, repr=False)
class WatchedSet(AskedSet):
    """A set of objects, and what was read of it."""

    reads: Reads

    def _about(self, group: str, kind: str) -> ResourceSet:
        self.reads.kinds.add((group, kind))
        return self.whole

    def __getattr__(self, name: str) -> Any:
        """Whatever else a set answers is about all of it."""
        self.reads.everything.append(name)
        return getattr(self.whole, name)
