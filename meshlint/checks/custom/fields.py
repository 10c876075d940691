"""Fields that have to be there, must not be there, or may hold some values only."""

from __future__ import annotations

import re
from collections.abc import Iterator

from meshlint.checks.custom.paths import places, steps_of, values
from meshlint.checks.custom.scope import Parameters, fits, hit, in_scope
from meshlint.checks.hit import Hit
from meshlint.checks.world import World
from meshlint.documents import Field


def require_field(world: World, parameters: Parameters) -> Iterator[Hit]:
    """Objects that do not write a field; of entries of lists, each has to."""
    steps = steps_of(parameters["field"]) or ()
    for resource in in_scope(world, parameters):
        for place in places(resource.field, steps):
            if not place.field:
                message = f"{resource} does not set {_shown(place.field)}"
                yield hit(resource, parameters, place.holder, message, on_key=True)


def forbid_field(world: World, parameters: Parameters) -> Iterator[Hit]:
    """Objects that write a field, with `values` only those that hold one of them."""
    steps = steps_of(parameters["field"]) or ()
    for resource in in_scope(world, parameters):
        for field in values(resource.field, steps):
            wrong = parameters["values"]
            if not wrong or _is_among(field, wrong):
                said = f" to {_quoted(field)}" if wrong else ""
                message = f"{resource} sets {_shown(field)}{said}"
                yield hit(resource, parameters, field, message, on_key=not wrong)


def allowed_values(world: World, parameters: Parameters) -> Iterator[Hit]:
    """Values of a field that are none of those allowed; an absent field is no mistake."""
    steps = steps_of(parameters["field"]) or ()
    for resource in in_scope(world, parameters):
        for field in values(resource.field, steps):
            if not _is_among(field, parameters["values"]):
                message = f"{resource} sets {_shown(field)} to {_quoted(field)}, which is not allowed"
                yield hit(resource, parameters, field, message)


def written(value: object) -> str:
    """A scalar as YAML writes it; empty for more than that."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None or isinstance(value, dict | list) else str(value)


def _is_among(field: Field, patterns: list[str]) -> bool:
    return not isinstance(field.value, dict | list) and fits(written(field.value), patterns)


def _quoted(field: Field) -> str:
    return f'"{written(field.value)}"' if written(field.value) else "what is written there"


def _shown(field: Field) -> str:
    """The path of a field as its author knows it, entries of lists by number."""
    return re.sub(r"\.\[", "[", ".".join(_step(step) for step in _inside(field)))


def _inside(field: Field) -> tuple[str | int, ...]:
    path = field.path
    start = next((number for number, step in enumerate(path) if step in ("spec", "metadata", "data")), 0)
    return path[start:]


def _step(step: str | int) -> str:
    if isinstance(step, int) or step.isdigit():
        return f"[{step}]"
    return f'["{step}"]' if "." in step else step
