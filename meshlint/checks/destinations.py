"""Destinations of VirtualServices and DestinationRules that lead nowhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.wording import did_you_mean, listed
from meshlint.checks.world import World
from meshlint.documents import Text
from meshlint.mesh import Missing
from meshlint.mesh.names.expansion import partly_qualified
from meshlint.resources.resource import Resource
from meshlint.traffic.destinations.ports import FaultyPort, PortFault


def host_missing(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A route's destination is no host of the mesh.

    The host that the VirtualService is itself for is left alone: it stands for a service out of view.
    """
    for routed in world.traffic.destinations:
        host, resource = routed.destination.host, routed.virtual_service.resource
        own = routed.host in world.mesh.virtual_services.hosts(routed.virtual_service)
        if routed.is_mirror or (own and not world.settings.complete):
            continue
        missing = _missing(world, host, resource)
        if host is not None and missing is not None and not _is_short_form(world, host):
            yield Hit(
                host.field,
                f"{resource} routes to {str(host)!r}, which does not exist, so these requests get status 503",
                resource=resource,
                hint=_hint(host, missing, world, resource),
            )


def mirror_missing(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """The destination of a mirror is no host of the mesh."""
    for routed in world.traffic.destinations:
        host, resource = routed.destination.host, routed.virtual_service.resource
        missing = _missing(world, host, resource) if routed.is_mirror else None
        if host is not None and missing is not None:
            yield Hit(
                host.field,
                f"{resource} mirrors to {str(host)!r}, which does not exist, so the copies are dropped",
                resource=resource,
                hint=_hint(host, missing, world, resource),
            )


def not_expanded(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A destination is written `service.namespace`, which Istio takes for a full name."""
    for routed in world.traffic.destinations:
        host, resource = routed.destination.host, routed.virtual_service.resource
        missing = None if routed.is_mirror else _missing(world, host, resource)
        if host is not None and missing is not None and _is_short_form(world, host):
            yield Hit(
                host.field,
                f"{resource} routes to {str(host)!r}, which Istio does not expand, "
                "so these requests get status 503",
                resource=resource,
                hint=_full_name(world, host),
            )


def rule_host_missing(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A DestinationRule is for a host that does not exist."""
    for rule in world.mesh.destination_rules.all:
        missing = _missing(world, rule.host, rule.resource)
        if rule.host is not None and missing is not None:
            full = _full_name(world, rule.host) if _is_short_form(world, rule.host) else ""
            yield Hit(
                rule.host.field,
                f"{rule.resource} is for {str(rule.host)!r}, which does not exist, so it has no effect",
                resource=rule.resource,
                hint=full or _hint(rule.host, missing, world, rule.resource),
            )


def host_invisible(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """The destination is not exported to the clients of the route."""
    for hidden in world.traffic.hidden_destinations:
        host, resource = hidden.routed.destination.host, hidden.routed.virtual_service.resource
        if host is not None:
            yield Hit(
                host.field,
                f"{resource} routes to {str(host)!r}, which clients in {listed(hidden.clients)} cannot see, "
                "so they get status 503",
                resource=resource,
                hint="Add these namespaces to the `exportTo` of the host, or take them out of the route's.",
                related=tuple(Related(place.spec, "exported from here") for place in hidden.owners),
            )


def port_missing(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A destination names a port that its host does not have."""
    for faulty in world.traffic.ports_with(PortFault.NOT_OPEN):
        resource, place = faulty.routed.virtual_service.resource, faulty.routed.destination
        yield Hit(
            place.field / "port" / "number",
            f"{resource} routes to port {place.port} of {str(place.host)!r}, which has no such port, "
            "so these requests get status 503",
            resource=resource,
            hint=f"It has {_numbers(faulty)}.",
        )


def port_ambiguous(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A gateway's route names no port of a host with several."""
    for faulty in world.traffic.ports_with(PortFault.AMBIGUOUS):
        resource, place = faulty.routed.virtual_service.resource, faulty.routed.destination
        yield Hit(
            place.field / "host",
            f"{resource} names no port of {str(place.host)!r}, which has {len(faulty.ports)}, "
            "so the gateway takes its own port's number",
            resource=resource,
            hint=f"Write `port.number`: one of {_numbers(faulty)}.",
        )


def port_not_listened(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A mesh route names no port, and clients call on ports that the destination does not have."""
    for faulty in world.traffic.ports_with(PortFault.NOT_LISTENED):
        resource, place = faulty.routed.virtual_service.resource, faulty.routed.destination
        yield Hit(
            place.field / "host",
            f"{resource} names no port of {str(place.host)!r}, which lacks the one that clients call, "
            "so they get status 503",
            resource=resource,
            hint=f"Write `port.number: {_numbers(faulty)}`; none of the route's own hosts has that port.",
        )


def scaled_down(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A destination has a share of the requests and no pod runs behind it."""
    from meshlint.traffic.destinations.scaled_down import scaled_down as idle

    for one in idle(world.mesh):
        resource, place = one.virtual_service.resource, one.entry.destination
        what = f"subset {str(place.subset)!r}" if place.subset else repr(str(place.host))
        yield Hit(
            place.field / ("subset" if place.subset else "host"),
            f"{resource} routes to {what}, whose workloads have 0 replicas, so its share gets status 503",
            resource=resource,
            hint="Give it the weight 0 first, or scale it up.",
            related=tuple(
                Related(each.resource.spec / "replicas", "no replicas") for each in one.workloads[:3]
            ),
        )


def mirror_abroad(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """Copies of requests leave the namespace or the mesh."""
    for routed in world.traffic.destinations if world.mesh.virtual_services.all else ():
        owner = world.mesh.hosts.owner(routed.host) if routed.is_mirror else None
        host, resource = routed.destination.host, routed.virtual_service.resource
        if host is not None and owner is not None and _missing(world, host, resource) is None:
            known = world.mesh.hosts.known(routed.host)
            outside = known is not None and known.service is None
            if outside or owner != resource.namespace:
                where = "outside of the mesh" if outside else f"in {owner!r}"
                yield Hit(
                    host.field,
                    f"{resource} mirrors requests to {str(host)!r} {where}, so it sees what users send",
                    resource=resource,
                    hint="Mirror to a service that is trusted as much as the one that answers.",
                )


def _missing(world: World, host: Text | None, resource: Resource) -> Missing | None:
    found = world.mesh.hosts.resolve(host, resource.namespace) if host else None
    return found if isinstance(found, Missing) else None


def _is_short_form(world: World, host: str) -> bool:
    return partly_qualified(host, world.settings.cluster_domain) is not None


def _full_name(world: World, host: str) -> str:
    domain = world.settings.cluster_domain
    meant = partly_qualified(host, domain)
    return f"Write {meant.host(domain)!r}: Istio adds a domain only to names without a dot." if meant else ""


def _hint(host: str, missing: Missing, world: World, resource: Resource) -> str:
    elsewhere = ""
    if "." not in host:
        others = [str(one) for one in world.mesh.services.named(host)]
        elsewhere = f"{' and '.join(others[:2])} would need its full name. " if others else ""
    where = f"A name without a dot is looked up in {resource.namespace!r}. " if "." not in host else ""
    return f"{did_you_mean(missing.nearest)}{where}{elsewhere}".strip() or "Correct the name of the host."


def _numbers(faulty: FaultyPort) -> str:
    return ", ".join(str(port.number) for port in faulty.ports)
