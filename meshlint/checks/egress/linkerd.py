"""Linkerd's EgressNetworks and their routes: what is refused, never looked up or switched off."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.admission.linkerd import routes
from meshlint.checks.hit import Hit, Related
from meshlint.checks.shared.told import told
from meshlint.checks.world import World
from meshlint.resources.linkerd.group import POLICY


def egress_without_port(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A route for an EgressNetwork names no port."""
    return told(world, routes.EGRESS_PORT)


def egress_backend(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A backend is another EgressNetwork than the parent."""
    for route in world.mesh.routes:
        parents = {
            (str(one.namespace), str(one.name))
            for one in route.parent_refs
            if one.is_a(POLICY, "EgressNetwork")
        }
        for rule in route.rules:
            for backend in rule.backend_refs:
                named = (str(backend.namespace), str(backend.name))
                if backend.is_a(POLICY, "EgressNetwork") and named not in parents:
                    yield Hit(
                        backend.field / "name",
                        f"{route.resource} has EgressNetwork {'/'.join(named)} as backend but not as parent, "
                        "so its share fails",
                        resource=route.resource,
                        hint="The backend must be the same object as the parent.",
                    )


def egress_http_on_443(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """An HTTP route is for port 443 of an EgressNetwork, where traffic is encrypted."""
    for route in world.mesh.routes:
        for parent in route.parent_refs:
            if parent.is_a(POLICY, "EgressNetwork") and parent.port == 443 and route.kind == "HTTPRoute":
                yield Hit(
                    parent.field / "port",
                    f"{route.resource} is for port 443 of an EgressNetwork, so it does not match TLS",
                    resource=route.resource,
                    hint="Use a TLSRoute with the host names.",
                )


def egress_local_hides_global(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """An EgressNetwork of a namespace switches off those of all namespaces."""
    networks = world.resources.of(POLICY, "EgressNetwork")
    common = world.settings.linkerd.egress_namespace
    wide = [one for one in networks if one.namespace == common]
    for one in networks:
        if wide and one.namespace != common:
            yield Hit(
                one.at("metadata", "name"),
                f"{one} switches off all EgressNetworks of {common!r} for {one.namespace!r}, "
                "so other addresses pass freely",
                resource=one,
                hint="Repeat what the common ones say, or keep only those.",
                related=(Related(wide[0].at("metadata", "name"), "a common one"),),
            )
