"""Names, labels and annotations that objects must have, and objects that must or must not be there."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.checks.custom.scope import Parameters, fits, hit, in_scope, is_of_kind, pod_template
from meshlint.checks.hit import Hit
from meshlint.checks.world import World
from meshlint.documents import Field
from meshlint.resources import Resource


def require_label(world: World, parameters: Parameters) -> Iterator[Hit]:
    """Objects without a label, or with a value that is none of those allowed."""
    yield from _required(world, parameters, "labels", "label", parameters["label"])


def require_annotation(world: World, parameters: Parameters) -> Iterator[Hit]:
    """Objects without an annotation, or with a value that is none of those allowed."""
    yield from _required(world, parameters, "annotations", "annotation", parameters["annotation"])


def allowed_names(world: World, parameters: Parameters) -> Iterator[Hit]:
    """Objects whose names are none of those allowed."""
    for resource in in_scope(world, parameters):
        if resource.name and not fits(resource.name, parameters["allowed"]):
            message = f"{resource} has a name that fits none of {', '.join(parameters['allowed'])}"
            yield hit(resource, parameters, resource.metadata / "name", message)


def forbid_object(world: World, parameters: Parameters) -> Iterator[Hit]:
    """Objects that are not allowed at all, where they are."""
    for resource in in_scope(world, parameters):
        place = f" in the namespace {resource.namespace}" if resource.namespace else ""
        message = f"{resource} is of a kind that is not allowed{place}"
        yield hit(resource, parameters, _named(resource), message)


def require_in_namespace(world: World, parameters: Parameters) -> Iterator[Hit]:
    """Namespaces that hold objects in scope and none of a kind, told at the first of these objects."""
    kind, names = parameters["required"], parameters["required_names"]
    there = {
        one.namespace for one in world.resources.resources if is_of_kind(one, kind) and fits(one.name, names)
    }
    told: set[str] = set()
    for resource in sorted(in_scope(world, parameters), key=lambda one: one.id):
        place = resource.name if (resource.group, resource.kind) == ("", "Namespace") else resource.namespace
        if place and place not in there and place not in told:
            told.add(place)
            message = f"The namespace {place} of {resource} has no {kind}"
            yield hit(resource, parameters, _named(resource), message, about=place)


def _required(world: World, parameters: Parameters, section: str, what: str, key: str) -> Iterator[Hit]:
    on_pods = parameters["pods"]
    for resource in in_scope(world, parameters):
        template = pod_template(resource) if on_pods else None
        metadata = resource.metadata if template is None else template / "metadata"
        owner = f"{resource}" if template is None else f"The pod template of {resource}"
        yield from _at(resource, parameters, metadata / section, owner, what, key)


def _at(
    resource: Resource, parameters: Parameters, holder: Field, owner: str, what: str, key: str
) -> Iterator[Hit]:
    field, allowed = holder / key, parameters["values"]
    if not field:
        yield hit(resource, parameters, holder, f"{owner} has no {what} {key}", on_key=True)
    elif not fits(str(field.value), allowed):
        message = f'{owner} has the {what} {key} "{field.value}", which fits none of {", ".join(allowed)}'
        yield hit(resource, parameters, field, message)


def _named(resource: Resource) -> Field:
    name = resource.metadata / "name"
    return name if name else resource.metadata
