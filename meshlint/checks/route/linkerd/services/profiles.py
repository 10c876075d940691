"""ServiceProfiles that are refused, or that split traffic to nobody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit
from meshlint.checks.world import World
from meshlint.mesh.names.expansion import service_name
from meshlint.resources.linkerd.service_profile import service_profile


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
    """A ServiceProfile lists opaque ports, or negates at the top."""
    for one in world.resources.of("linkerd.io", "ServiceProfile"):
        if one.spec / "opaquePorts":
            yield Hit(
                one.spec / "opaquePorts",
                f"{one} sets opaquePorts, so Linkerd's webhook refuses it",
                resource=one,
                on_key=True,
                hint="Use the annotation `config.linkerd.io/opaque-ports` of the Service.",
            )
        for route in service_profile(one).routes:
            if route.condition / "not":
                yield Hit(
                    route.condition / "not",
                    f"{one} has a condition that starts with not, so Linkerd's webhook refuses it",
                    resource=one,
                    on_key=True,
                    hint="Put it into `all`.",
                    about=str(route.name),
                )
