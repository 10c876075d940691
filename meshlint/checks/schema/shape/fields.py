"""Fields and values that the schema of an object's kind and version does not allow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit
from meshlint.checks.shared.violations import Violated, violations_for
from meshlint.resources.schema.store.channels import experimental_fields
from meshlint.resources.schema.violation import Reason

GATEWAY_API = "gateway.networking.k8s.io"


def unknown_field(world: Violated, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A key is no field at this place."""
    return violations_for(world, Reason.UNKNOWN_FIELD)


def wrong_type(world: Violated, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A value has another type than its field takes."""
    return violations_for(world, Reason.WRONG_TYPE)


def missing_field(world: Violated, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A required field is absent."""
    return violations_for(world, Reason.MISSING_FIELD)


def no_such_value(world: Violated, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A value is none of those that its field takes."""
    return violations_for(world, Reason.BAD_ENUM)


def malformed_value(world: Violated, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A value does not have the form that its field takes."""
    return violations_for(world, Reason.PATTERN, Reason.FORMAT)


def out_of_bounds(world: Violated, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A value is too small, too large, too long or too many."""
    return violations_for(world, Reason.BOUNDS)


def exclusive_fields(world: Violated, _: Mapping[str, Any]) -> Iterator[Hit]:
    """Of several fields that exclude each other, several are set, or none where one is needed."""
    return violations_for(world, Reason.EXCLUSIVE, Reason.NONE_OF_GROUP)


def broken_constraint(world: Violated, _: Mapping[str, Any]) -> Iterator[Hit]:
    """Fields that are sound by themselves do not go together."""
    return violations_for(world, Reason.CONSTRAINT)


def experimental_field(world: Violated, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A field that the standard channel of the Gateway API drops."""
    for resource in world.resources.resources:
        if resource.group != GATEWAY_API:
            continue
        value = resource.field.value
        key = (resource.group, resource.version, resource.kind)
        for path in experimental_fields(*key, value, world.schemas):
            yield Hit(
                resource.at(*path),
                f"{resource} sets '{path[-1]}', which only the experimental channel has, so the standard one "
                "drops it",
                resource=resource,
                on_key=True,
            )
