"""ServiceProfiles that are refused, or that split traffic to nobody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.admission.linkerd.profiles import PROFILE
from meshlint.checks.hit import Hit
from meshlint.checks.shared.told import told
from meshlint.checks.world import World
from meshlint.mesh import Missing
from meshlint.mesh.names.expansion import ServiceName, service_name


def profile_name(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A ServiceProfile is not named after a service, or after one that is not there."""
    domain = world.settings.cluster_domain
    for one in world.resources.of("linkerd.io", "ServiceProfile"):
        meant, found = service_name(one.name, domain), world.mesh.hosts.resolve(one.name, one.namespace)
        if meant is not None and isinstance(found, Missing):
            near = ServiceName(meant.namespace, found.nearest[0]).host(domain) if found.nearest else None
            yield Hit(
                one.at("metadata", "name"),
                f"{one} is named after a service that does not exist, so it is never looked up",
                resource=one,
                hint=f"Did you mean `{near}`?" if near else "Name it after a service, or take it away.",
            )
        external = "." in one.name and ".svc" not in one.name and one.name.count(".") < 4
        if meant is None and not external:
            yield Hit(
                one.at("metadata", "name"),
                f"{one} is no full name of a service, so it is never looked up",
                resource=one,
                hint=f"Name it `service.namespace.svc.{domain}`.",
            )


def profile_opaque_ports(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A ServiceProfile that its webhook refuses."""
    return told(world, PROFILE)
