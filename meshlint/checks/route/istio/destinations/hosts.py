"""Hosts of VirtualServices' destinations that lead nowhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.shared.hosts import (
    full_name,
    host_hint,
    is_short_form,
    missing_destinations,
    missing_host,
    rules_for_missing,
)
from meshlint.checks.shared.wording import listed
from meshlint.checks.world import World


def host_missing(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A route's destination is no host of the mesh; DestinationRules for it are related places."""
    found = tuple(missing_destinations(world))
    rules: dict[str, list[Related]] = {}
    for rule, name, _missing in rules_for_missing(world) if found else ():
        place = Related(name.field, f"{rule.resource} is for it and has no effect", concerns=True)
        rules.setdefault(world.mesh.destination_rules.host(rule), []).append(place)
    for routed, missing in found:
        host, resource = routed.destination.host, routed.virtual_service.resource
        if host is not None:
            yield Hit(
                host.field,
                f"{resource} routes to {str(host)!r}, which does not exist, so these requests get status 503",
                resource=resource,
                hint=host_hint(host, missing, world, resource),
                related=tuple(rules.get(routed.host, ())),
            )


def mirror_missing(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """The destination of a mirror is no host of the mesh."""
    for routed in world.traffic.unanswered:
        host, resource = routed.destination.host, routed.virtual_service.resource
        missing = missing_host(world, host, resource) if routed.is_mirror else None
        if host is not None and missing is not None:
            yield Hit(
                host.field,
                f"{resource} mirrors to {str(host)!r}, which does not exist, so the copies are dropped",
                resource=resource,
                hint=host_hint(host, missing, world, resource),
            )


def not_expanded(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A destination is written `service.namespace`, which Istio takes for a full name."""
    for routed in world.traffic.unanswered:
        host, resource = routed.destination.host, routed.virtual_service.resource
        missing = None if routed.is_mirror else missing_host(world, host, resource)
        if host is not None and missing is not None and is_short_form(world, host):
            yield Hit(
                host.field,
                f"{resource} routes to {str(host)!r}, which Istio does not expand, "
                "so these requests get status 503",
                resource=resource,
                hint=full_name(world, host),
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
        if host is not None and owner is not None and missing_host(world, host, resource) is None:
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
