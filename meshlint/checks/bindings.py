"""VirtualServices that are bound to nothing, or to what others have taken."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.wording import did_you_mean, listed
from meshlint.checks.world import World
from meshlint.mesh.routing.gateways import gateway_name, is_internal
from meshlint.resources.istio.virtual_service import MESH_GATEWAY
from meshlint.resources.resource import Resource


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
        names = ", ".join(dict.fromkeys(map(str, gateways)))
        yield Hit(
            unserved.host.field,
            f"{resource} is for {str(unserved.host)!r}, which {names} does not serve, "
            "so it takes no requests for it",
            resource=resource,
            hint=_served(host for servers in unserved.servers for host in servers.hosts),
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


def mesh_host_conflict(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """Two VirtualServices claim one host for the same sidecars."""
    from meshlint.traffic.followers.conflicts import mesh_conflicts

    told: set[tuple[Resource, str]] = set()
    for conflict in mesh_conflicts(world.mesh):
        resource = conflict.virtual_service.resource
        if (resource, str(conflict.host)) not in told:
            told.add((resource, str(conflict.host)))
            where = f" for clients in {listed(conflict.namespaces)}" if conflict.namespaces else ""
            yield Hit(
                conflict.host.field,
                f"{resource} claims {str(conflict.host)!r} like {_short(conflict.other.resource)}{where}, "
                "so sidecars follow only the older",
                resource=resource,
                hint="Sidecars do not merge VirtualServices: put the routes into one, or delegate to others.",
                related=(Related(conflict.other.field / "hosts", "claimed here too"),),
                about=str(conflict.host),
            )


def _short(resource: Resource) -> str:
    return f"{resource.namespace}/{resource.name}"


def star_host_on_mesh(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A VirtualService for all hosts is bound to the sidecars."""
    for virtual_service in world.mesh.virtual_services:
        for host in virtual_service.hosts:
            if host == "*" and MESH_GATEWAY in virtual_service.gateways_or_mesh:
                yield Hit(
                    host.field,
                    f"{virtual_service.resource} is for host '*' and bound to sidecars, so Istio rejects it",
                    resource=virtual_service.resource,
                    hint="Name the gateways that it is for under `gateways`, or the hosts that it is for.",
                )


def delegate_fault(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A delegate does not take over."""
    from meshlint.traffic.tables.istio.delegation import faulty_delegates

    for faulty in faulty_delegates(world.mesh):
        resource, delegate = faulty.root.resource, faulty.route.delegate
        if delegate is not None:
            name = f"{delegate.namespace or resource.namespace}/{delegate.name or ''}"
            yield Hit(
                delegate.field / "name",
                f"{resource} delegates to {name}, but {faulty.fault.value}, so the route disappears",
                resource=resource,
                hint="A delegate is a VirtualService without `hosts` that the root's namespace sees.",
                about=name,
            )


def delegate_conflict(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A delegate's match lies outside of its root's."""
    from meshlint.traffic.tables.istio.delegation import delegated, delegates

    for root in world.mesh.virtual_services:
        for route in root.http:
            for delegate in delegates(world.mesh, root, route):
                for part in delegated(route, delegate):
                    if part.is_dropped and delegate.is_delegate:
                        yield Hit(
                            part.route.field / "match" if part.route.match else part.route.field,
                            f"{delegate.resource}: the match is not within the one of {root.resource}, "
                            "so Istio drops the route",
                            resource=delegate.resource,
                            hint="Let each exact path or prefix begin with the root's prefix, "
                            "and use no regular expression where the root tests the same thing.",
                            related=(Related(route.field, "delegated from here"),),
                            about=str(root.resource),
                        )


def delegate_orphan(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A VirtualService without hosts is nobody's delegate."""
    from meshlint.traffic.tables.istio.delegation import orphans

    for orphan in orphans(world.mesh):
        yield Hit(
            orphan.resource.at("metadata", "name"),
            f"{orphan.resource} has no hosts and nobody delegates to it, so its routes are idle",
            resource=orphan.resource,
            hint="Name its hosts, or delegate to it from the VirtualService that has them.",
        )
