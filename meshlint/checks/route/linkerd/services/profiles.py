"""ServiceProfiles that are refused, or that split traffic to nobody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.admission.linkerd.profiles import PROFILE
from meshlint.checks.hit import Hit
from meshlint.checks.shared.told import told
from meshlint.checks.world import World
from meshlint.mesh.names.expansion import service_name


def profile_name(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A ServiceProfile is not named after a service."""
    domain = world.settings.cluster_domain
    for one in world.resources.of("linkerd.io", "ServiceProfile"):
        external = "." in one.name and ".svc" not in one.name and one.name.count(".") < 4
        if service_name(one.name, domain) is None and not external:
            yield Hit(
                one.at("metadata", "name"),
                f"{one} is no full name of a service, so it is never looked up",
                resource=one,
                hint=f"Name it `service.namespace.svc.{domain}`.",
            )


def profile_opaque_ports(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A ServiceProfile that its webhook refuses."""
    return told(world, PROFILE)
