"""Breaches of schemas and of the grammar of annotations, as hits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Protocol

from meshlint.checks.hit import Hit, Related
from meshlint.resources import Resource, ResourceSet
from meshlint.resources.schema.store.store import SchemaStore
from meshlint.resources.schema.violation import PRUNED, Reason, Violation

if TYPE_CHECKING:
    from meshlint.checks.world import World
    from meshlint.documents import Field


class Violated(Protocol):
    """The part of the world that these checks look at."""

    @property
    def violations(self) -> Iterable[tuple[Resource, Violation]]:
        """What breaks the schemas."""

    @property
    def resources(self) -> ResourceSet:
        """The objects, sorted by what they are called."""

    @property
    def schemas(self) -> SchemaStore:
        """What shape each kind may have."""


def violations_for(world: Violated, *reasons: Reason) -> Iterator[Hit]:
    """The breaches of schemas for these reasons."""
    return (
        violation_hit(resource, violation)
        for resource, violation in world.violations
        if violation.reason in reasons
    )


def violation_hit(resource: Resource, violation: Violation) -> Hit:
    """A violation as a hit on the object."""
    return Hit(
        resource.at(*violation.path),
        f"{resource}: {violation.message}",
        resource=resource,
        on_key=violation.on_key,
        hint=violation.suggestion or None,
        related=tuple(Related(resource.at(*path), "set here as well") for path in violation.related),
        about=".".join(map(str, violation.path)),
    )


def is_refused(world: World, resource: Resource, field: Field) -> bool:
    """Whether the API server refuses an object for a field, which a rule on schemas tells."""
    path = field.path[len(resource.field.path) :]
    broken = world.admission.violations(resource)
    return any(one.path == path for one in broken if one.reason not in PRUNED)


class Annotated(Protocol):
    """The part of the world that these checks look at."""

    @property
    def metadata_violations(self) -> tuple[tuple[Resource, Violation], ...]:
        """What is wrong with annotations and labels."""


def metadata_hits(world: Annotated, reason: Reason) -> Iterator[Hit]:
    """What is wrong with annotations and labels, for this reason."""
    for resource, violation in world.metadata_violations:
        if violation.reason is reason:
            yield violation_hit(resource, violation)
