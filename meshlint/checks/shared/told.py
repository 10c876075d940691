"""Remarks of the meshes' webhooks as hits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from meshlint.admission.istio.vocabulary.mistake import Mistake
from meshlint.checks.hit import Hit, Related
from meshlint.checks.mending import Fix
from meshlint.checks.shared.mended import removed

_IDLE = (Mistake.IGNORED, Mistake.UNREACHED, Mistake.TWICE, Mistake.ANNOTATION, Mistake.EMPTY_POLICY)

if TYPE_CHECKING:
    from meshlint.admission.remark import Remark
    from meshlint.checks.world import World
    from meshlint.resources import Resource


def told(world: World, *mistakes: str) -> Iterator[Hit]:
    """What the webhooks say of these mistakes."""
    return (_hit(resource, remark) for resource, remark in world.admission.remarks(*mistakes))


def _hit(resource: Resource, remark: Remark) -> Hit:
    return Hit(
        remark.at,
        remark.message,
        resource=resource,
        on_key=remark.on_key,
        hint=remark.hint or None,
        related=tuple(Related(field, "set here as well") for field in remark.related),
        about=".".join(map(str, remark.at.path)),
        fix=_fix(remark),
    )


def _fix(remark: Remark) -> Fix | None:
    """What mends a remark on something that says nothing, or that something else says already."""
    if remark.mistake not in _IDLE or not remark.at.path:
        return None
    if remark.mistake == Mistake.EMPTY_POLICY and remark.at.value not in ({}, []):
        return None
    return removed(remark.at, keeps_meaning=remark.mistake not in (Mistake.TWICE, Mistake.ANNOTATION))
