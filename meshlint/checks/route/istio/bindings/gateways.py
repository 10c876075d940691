"""VirtualServices that are bound to no gateway, or whose hosts their gateways do not serve."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.shared.wording import did_you_mean, listed
from meshlint.checks.world import World
from meshlint.documents import Text
from meshlint.mesh.routing.gateways import gateway_name, is_internal


def gateway_missing(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A VirtualService names a gateway that does not exist."""
    from meshlint.traffic.followers.bindings import missing_gateways

    for gone in missing_gateways(world.mesh):
        resource = gone.virtual_service.resource
        name = gateway_name(gone.reference, resource.namespace)
        meant = did_you_mean(gone.missing.nearest)
        yield Hit(
            gone.reference.field,
            f"{resource} is bound to gateway {str(gone.reference)!r}, but there is no Gateway {name}, "
            "so it takes no requests there",
            resource=resource,
            hint=f"{meant}A name without a slash is looked up in {resource.namespace!r}.",
        )


def gateway_internal(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A VirtualService names what Istio makes of a Gateway of the Gateway API for itself."""
    for virtual_service in world.mesh.virtual_services:
        for reference in virtual_service.gateways:
            if is_internal(reference):
                yield Hit(
                    reference.field,
                    f"{virtual_service.resource} is bound to a gateway that Istio makes for itself, "
                    "so it may come loose with any release",
                    resource=virtual_service.resource,
                    hint="Write an HTTPRoute, which attaches to the Gateway itself.",
                )


def gateway_dotted(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A VirtualService names a gateway in the old form `name.namespace`."""
    for virtual_service in world.mesh.virtual_services:
        resource = virtual_service.resource
        for reference in virtual_service.gateways:
            if "." in reference and "/" not in reference:
                yield Hit(
                    reference.field,
                    f"{resource} names gateway {str(reference)!r} in the old form, so it reads like a host",
                    resource=resource,
                    hint=f"Write `{gateway_name(reference, resource.namespace)}`.",
                )


def match_unbound(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A match names a gateway that its VirtualService is not bound to."""
    from meshlint.traffic.followers.bindings import unbound_matches

    for unbound in unbound_matches(world.mesh):
        resource = unbound.virtual_service.resource
        yield Hit(
            unbound.reference.field,
            f"{resource} matches on gateway {str(unbound.reference)!r}, which it is not bound to, "
            "so the match never applies",
            resource=resource,
            hint="Add the gateway to `spec.gateways`, with `mesh` if sidecars are to follow it too.",
        )


def host_not_served(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """None of a VirtualService's gateways has a server for its host."""
    from meshlint.traffic.followers.bindings import unserved_hosts

    for unserved in unserved_hosts(world.mesh):
        resource = unserved.virtual_service.resource
        gateways = [gateway for servers in unserved.servers for gateway in servers.gateways]
        served = _served(host for servers in unserved.servers for host in servers.hosts)
        names = ", ".join(dict.fromkeys(map(str, gateways)))
        yield Hit(
            unserved.host.field,
            f"{resource} is for {str(unserved.host)!r}, which {names} does not serve, "
            "so it takes no requests for it",
            resource=resource,
            hint=f"{served}{_for_the_mesh(world, resource.namespace, unserved.host)}",
            related=tuple(Related(gateway.spec, "the gateway") for gateway in gateways[:3]),
            about=str(unserved.host),
        )


def gateway_idle(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """One of several gateways serves none of a VirtualService's hosts."""
    from meshlint.traffic.followers.bindings import idle_gateways, unserved_hosts

    told = {id(one.virtual_service) for one in unserved_hosts(world.mesh)}
    for idle in idle_gateways(world.mesh):
        resource = idle.virtual_service.resource
        if id(idle.virtual_service) not in told:
            yield Hit(
                idle.reference.field,
                f"{resource} is bound to gateway {str(idle.reference)!r}, which serves none of its hosts, "
                "so it takes no requests there",
                resource=resource,
                hint=_served(idle.servers.hosts),
                related=tuple(Related(gateway.spec, "the gateway") for gateway in idle.servers.gateways[:3]),
            )


def _served(hosts: Iterable[str]) -> str:
    names = list(dict.fromkeys(hosts))
    return f"Served are {listed(names)}." if names else "It serves no host for this namespace."


def _for_the_mesh(world: World, namespace: str, host: Text) -> str:
    """What is missing where a host is that of a service, which sidecars call by it."""
    known = world.mesh.hosts.known(world.mesh.hosts.expand(host, namespace))
    if known is None or known.service is None:
        return ""
    return " It is a service of the mesh: add `mesh` to `gateways` for calls within it."
