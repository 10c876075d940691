"""Shares of ServiceProfiles for nobody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit
from meshlint.checks.world import World
from meshlint.mesh import Missing
from meshlint.resources.linkerd.service_profile import service_profile

Parameters = Mapping[str, Any]


def profile_share_missing(world: World, _: Parameters) -> Iterator[Hit]:
    """A share of a profile's requests for a service that does not exist."""
    for resource in world.resources.of("linkerd.io", "ServiceProfile"):
        for override in service_profile(resource).dst_overrides:
            host = str(override.authority or "").partition(":")[0].removesuffix(".")
            if host and isinstance(world.mesh.hosts.resolve(host, resource.namespace), Missing):
                yield Hit(
                    override.field / "authority",
                    f"{resource} sends a share to '{override.authority}', which does not exist, so it fails",
                    resource=resource,
                )
