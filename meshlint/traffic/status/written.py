"""What stands in the status of an object already, and stays there."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from meshlint.documents import Field
from meshlint.resources.gateway_api.reference import GROUP, ParentRef, Target, parent_ref
from meshlint.resources.resource import Resource
from meshlint.traffic.status.conditions import Condition, Truth
from meshlint.values import frozen


@frozen(eq=False, repr=False)
class Written:
    """What a controller wrote of an object at a parent or an ancestor."""

    reference: ParentRef
    controller: str
    conditions: tuple[Condition, ...]


def written(resource: Resource, key: str) -> Iterator[Written]:
    """The entries of `status.parents` or `status.ancestors` of an object."""
    ref = "parentRef" if key == "parents" else "ancestorRef"
    for entry in resource.at("status").items(key):
        controller = entry.text("controllerName")
        target = parent_ref(entry / ref, Target(GROUP, "Gateway", resource.namespace))
        if controller is not None:
            yield Written(target, str(controller), tuple(_conditions(entry)))


def _conditions(entry: Field) -> Iterator[Condition]:
    for one in entry.items("conditions"):
        kind, status, reason = (one.text(key) for key in ("type", "status", "reason"))
        if kind and status in ("True", "False", "Unknown"):
            yield Condition(
                str(kind), Truth(str(status)), str(reason or ""), str(one.text("message") or ""), one
            )


def others(found: Collection[Written], own: Collection[str]) -> tuple[Written, ...]:
    """What other controllers wrote, which every controller leaves alone."""
    return tuple(one for one in found if one.controller not in own)


def kept(
    found: Collection[Written], ref: ParentRef, controller: str | None, told: Collection[Condition]
) -> tuple[Condition, ...]:
    """Conditions of other types that a controller wrote of the same parent before: it leaves them (Istio:
    setConditions).
    """
    types = {one.type for one in told}
    for one in found:
        if one.controller == controller and same(one.reference, ref):
            return tuple(condition for condition in one.conditions if condition.type not in types)
    return ()


def same(one: ParentRef, other: ParentRef) -> bool:
    """Whether two references are to the same thing."""
    return (one.group, one.kind, one.namespace, one.name, one.section_name, one.port) == (
        other.group,
        other.kind,
        other.namespace,
        other.name,
        other.section_name,
        other.port,
    )
