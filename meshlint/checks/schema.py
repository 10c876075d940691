"""Fields and values that the schema of an object's kind and version does not allow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from meshlint.checks.hit import Hit, Related
from meshlint.resources import Resource, ResourceSet
from meshlint.resources.schema.deprecations import deprecations
from meshlint.resources.schema.store.channels import experimental_fields
from meshlint.resources.schema.violation import Reason, Violation

GATEWAY_API = "gateway.networking.k8s.io"


class Input(Protocol):
    """The part of the world that these checks look at."""

    @property
    def violations(self) -> tuple[tuple[Resource, Violation], ...]:
        """What breaks the schemas."""

    @property
    def resources(self) -> ResourceSet:
        """The objects, sorted by what they are called."""


def unknown_field(world: Input, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A key is no field at this place."""
    return _for(world, Reason.UNKNOWN_FIELD)


def wrong_type(world: Input, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A value has another type than its field takes."""
    return _for(world, Reason.WRONG_TYPE)


def missing_field(world: Input, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A required field is absent."""
    return _for(world, Reason.MISSING_FIELD)


def no_such_value(world: Input, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A value is none of those that its field takes."""
    return _for(world, Reason.BAD_ENUM)


def malformed_value(world: Input, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A value does not have the form that its field takes."""
    return _for(world, Reason.PATTERN, Reason.FORMAT)


def out_of_bounds(world: Input, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A value is too small, too large, too long or too many."""
    return _for(world, Reason.BOUNDS)


def exclusive_fields(world: Input, _: Mapping[str, Any]) -> Iterator[Hit]:
    """Of several fields that exclude each other, several are set, or none where one is needed."""
    return _for(world, Reason.EXCLUSIVE, Reason.NONE_OF_GROUP)


def broken_constraint(world: Input, _: Mapping[str, Any]) -> Iterator[Hit]:
    """Fields that are sound by themselves do not go together."""
    return _for(world, Reason.CONSTRAINT)


def deprecated_field(world: Input, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A field or a value is going away."""
    for resource in world.resources.resources:
        for violation in deprecations(resource.group, resource.kind, resource.field.value):
            yield hit(resource, violation)


def experimental_field(world: Input, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A field that the standard channel of the Gateway API drops."""
    for resource in world.resources.resources:
        if resource.group != GATEWAY_API:
            continue
        value = resource.field.value
        for path in experimental_fields(resource.group, resource.version, resource.kind, value):
            yield Hit(
                resource.at(*path),
                f"{resource} sets '{path[-1]}', which only the experimental channel has, so the standard one "
                "drops it",
                resource=resource,
                on_key=True,
            )


def _for(world: Input, *reasons: Reason) -> Iterator[Hit]:
    return (
        hit(resource, violation) for resource, violation in world.violations if violation.reason in reasons
    )


def hit(resource: Resource, violation: Violation) -> Hit:
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
