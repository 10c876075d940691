"""What controllers write into the status of Gateway API objects, as it is told."""

from __future__ import annotations

from meshlint.engine.finding import Location
from meshlint.values import frozen

NEGATIVE = frozenset({"Conflicted", "InsecureFrontendValidationMode"})
"""Conditions that one does not want to be true."""


@frozen
class StatusCondition:
    """A condition: `status` is `True`, `False` or `Unknown`; `message` and `location` say why it is not met.

    Of an unknown one, `reason` is what it says if it is not met, and `message` what that depends on.
    """

    type: str
    status: str
    reason: str
    message: str = ""
    location: Location | None = None

    @property
    def is_bad(self) -> bool:
        """Whether it is surely not as one wants it."""
        return self.status == ("True" if self.type in NEGATIVE else "False")


@frozen
class StatusListener:
    """A listener: the routes that it takes for certain, and how many more it may take."""

    name: str
    supported_kinds: tuple[str, ...]
    attached_routes: int
    may_attach: int
    conditions: tuple[StatusCondition, ...]


@frozen
class StatusReference:
    """What is said at a parent of a route, or at an ancestor of a policy, as it is written there."""

    group: str | None
    kind: str | None
    namespace: str | None
    name: str
    section_name: str | None
    port: int | None
    controller: str | None
    conditions: tuple[StatusCondition, ...]

    @property
    def label(self) -> str:
        """The kind and the name, and the part that is meant."""
        place = f"{self.namespace}/" if self.namespace else ""
        part = self.section_name or self.port
        return f"{self.kind or 'Gateway'} {place}{self.name}" + (f" {part}" if part else "")


@frozen
class ObjectStatus:
    """The status of one object. `controller` is empty where no file tells who writes it.

    `refused` says why the cluster does not take the object at all: then its controller would say this of it.
    """

    group: str
    version: str
    kind: str
    namespace: str
    name: str
    location: Location
    controller: str = ""
    conditions: tuple[StatusCondition, ...] = ()
    listeners: tuple[StatusListener, ...] = ()
    parents: tuple[StatusReference, ...] = ()
    ancestors: tuple[StatusReference, ...] = ()
    refused: str = ""

    @property
    def all_conditions(self) -> tuple[StatusCondition, ...]:
        """All conditions, of whatever they are."""
        of_listeners = (one for each in self.listeners for one in each.conditions)
        of_references = (one for each in (*self.parents, *self.ancestors) for one in each.conditions)
        return (*self.conditions, *of_listeners, *of_references)


@frozen
class StatusAnswer:
    """The status of every object that controllers write one into."""

    objects: tuple[ObjectStatus, ...]

    @property
    def is_good(self) -> bool:
        """Whether nothing is surely wrong."""
        if any(one.refused for one in self.objects):
            return False
        return not any(one.is_bad for each in self.objects for one in each.all_conditions)
