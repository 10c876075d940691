"""Rules that say in CEL what has to hold of each object."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from meshlint.checks.custom.paths import places, steps_of
from meshlint.checks.custom.scope import Parameters, hit, in_scope
from meshlint.checks.hit import Hit
from meshlint.checks.world import World
from meshlint.documents import Field
from meshlint.resources import Resource

VARIABLES: Final = {
    "object": "The object, as it is written, with the namespace that it lives in.",
    "namespaceObject": "The Namespace that it lives in; an empty map where that is not in view.",
    "params": "The map `params` of the rule.",
}
"""What an expression may speak of; named as in Kubernetes' ValidatingAdmissionPolicy."""

_PER_OBJECT: Final = 200
_AT_LEAST: Final = 200_000
"""Steps that one rule may take in all: so many for each object of the set, and at least so many."""


def expression(world: World, parameters: Parameters) -> Iterator[Hit]:
    """Objects of which the expression of the rule is not true.

    Where it is neither true nor false, because it fails or asks for too much, that is told at severity info.
    """
    from meshlint.checks.custom import cel
    from meshlint.checks.custom.questions import NAMES, Asking

    text = parameters["expression"]
    read = cel.expression(text, VARIABLES, NAMES)
    asking = Asking(world, cel.Budget(0))
    params = cel.typed(parameters["params"])
    left = max(_AT_LEAST, _PER_OBJECT * len(world.resources.resources))
    for resource in in_scope(world, parameters):
        asking.budget.steps = given = min(left, cel.MOST_STEPS)
        try:
            variables = _variables(asking, world, resource, params)
            if not read.holds(variables, asking.functions(), asking.budget):
                yield _hit(resource, parameters)
        except cel.TooMuch:
            yield _unknown(resource, "it takes more steps than it may")
        except ValueError as error:
            yield _unknown(resource, str(error))
        left -= given - max(asking.budget.steps, 0)


def _variables(asking: Any, world: World, resource: Resource, params: Any) -> dict[str, Any]:
    place = world.mesh.namespaces.get(resource.namespace) if resource.namespace else None
    around = {} if place is None else asking.value_of(place)
    from meshlint.checks.custom.cel import typed

    return {
        "object": asking.value_of(resource),
        "namespaceObject": around or typed({}),
        "params": params,
    }


def _hit(resource: Resource, parameters: Parameters) -> Hit:
    message = f"{resource} does not keep to what the rule demands"
    at = _place(resource, parameters["field"])
    return hit(resource, parameters, at, message, on_key=at is not resource.metadata / "name")


def _place(resource: Resource, path: str) -> Field:
    """The field that the rule points at, as far as it is written; by default the name."""
    steps = steps_of(path) if path else None
    found = next(places(resource.field, steps), None) if steps else None
    return found.field if found is not None else resource.metadata / "name"


def _unknown(resource: Resource, why: str) -> Hit:
    message = f"Whether {resource} keeps to the rule cannot be told: {why}"
    return Hit(resource.metadata / "name", message, resource, in_doubt=True, about="unknown")
