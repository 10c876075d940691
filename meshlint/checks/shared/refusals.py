"""What webhooks refuse, as hits: one mistake is told once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from meshlint.admission.admission import Admission
from meshlint.admission.remark import Remark
from meshlint.checks.hit import Hit
from meshlint.resources import Resource
from meshlint.resources.schema.violation import Reason


class Admitting(Protocol):
    """What a check is asked about, as far as the door is concerned."""

    @property
    def admission(self) -> Admission:
        """The verdict on each object."""


def refused(world: Admitting, *mistakes: str, knows_more: bool = False) -> Iterator[Hit]:
    """What a webhook says of some kinds of mistakes, unless the API server refuses the field already.

    With `knows_more` it is said even so: what the definition of the kind says would lead astray.
    """
    for resource, remark in world.admission.remarks(*mistakes):
        if knows_more or not _is_told(world.admission, resource, remark):
            yield Hit(
                remark.at, remark.message, resource=resource, on_key=remark.on_key, hint=remark.hint or None
            )


def _is_told(admission: Admission, resource: Resource, remark: Remark) -> bool:
    path = remark.at.path[len(resource.field.path) :]
    return any(
        one.reason is not Reason.UNKNOWN_FIELD and path[: len(one.path)] == one.path
        for one in admission.of(resource).violations
    )
