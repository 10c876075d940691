"""ReferenceGrants of the Gateway API that are missing, or for nobody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit
from meshlint.checks.shared.conditions import GATEWAYS, told
from meshlint.checks.world import World
from meshlint.traffic.status.permissions import REF_NOT_PERMITTED


def certificate_not_granted(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A certificate is in another namespace, which does not let the Gateway refer to it."""
    for one in told(world, REF_NOT_PERMITTED, kinds=GATEWAYS):
        yield Hit(
            one.field,
            f"{one.owner}: {one.condition.words}, so TLS fails with it",
            resource=one.owner,
            hint="Add a ReferenceGrant in the namespace of the certificate, or move it.",
        )


def grant_namespace_missing(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A ReferenceGrant is for objects of a namespace that does not exist."""
    from meshlint.traffic.status.grants import lost_grants

    for lost in lost_grants(world.mesh):
        yield Hit(
            lost.name.field,
            f"{lost.grant} is for objects in namespace {str(lost.name)!r}, which does not exist, "
            "so it allows nothing",
            resource=lost.grant.resource,
            hint=f"Did you mean {lost.meant!r}?" if lost.meant else "Correct the name, or remove the grant.",
            about=str(lost.name),
        )
