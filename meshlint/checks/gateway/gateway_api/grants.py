"""ReferenceGrants of the Gateway API that are missing, or for nobody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit
from meshlint.checks.world import World


def certificate_not_granted(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A certificate is in another namespace, which does not let the Gateway refer to it."""
    from meshlint.traffic.status.grants import ungranted_certificates

    for one in ungranted_certificates(world.mesh):
        place = str(one.certificate.namespace)
        yield Hit(
            one.certificate.field / "namespace",
            f"{one.gateway} uses a certificate in {place!r}, where no ReferenceGrant allows it, "
            "so the listener is not served",
            resource=one.gateway.resource,
            hint=f"Add a ReferenceGrant in {place!r} from Gateway in {one.gateway.namespace!r} to Secret.",
            about=str(one.certificate.name),
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
