"""Gateways of the Gateway API and their listeners: classes, addresses, and whose routes they take."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.shared.wording import did_you_mean
from meshlint.checks.world import World
from meshlint.documents import Field
from meshlint.mesh.namespaces.placement import belong_together
from meshlint.resources.gateway_api.gateway import Gateway, GatewayAddress


def address_shared(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """Two Gateways ask for one IP address."""
    asked: dict[str, list[tuple[Gateway, GatewayAddress]]] = {}
    for gateway in world.mesh.kubernetes_gateways:
        for address in gateway.addresses:
            if address.type == "IPAddress" and address.value:
                asked.setdefault(str(address.value), []).append((gateway, address))
    for gateways in asked.values():
        for gateway, address in gateways:
            other = next((one for one in gateways if one[0].resource.id != gateway.resource.id), None)
            if other is not None and belong_together(gateway.resource, other[0].resource):
                name = f"{other[0].namespace}/{other[0].name}"
                yield Hit(
                    address.field / "value",
                    f"{gateway} asks for address {str(address.value)!r} like {name}, so only one gets it",
                    resource=gateway.resource,
                    hint="Give each its own address, or put the listeners into one Gateway.",
                    related=(Related(other[1].field, "the other one"),),
                )


def class_unknown(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A Gateway is of a class that nobody runs."""
    from meshlint.traffic.status.classes import unknown_classes

    for gateway, name, meant in unknown_classes(world.mesh):
        yield Hit(
            name.field,
            f"{gateway} is of class {str(name)!r}, which does not exist, so nobody runs it",
            resource=gateway.resource,
            hint=did_you_mean(meant).strip() or "Correct the name, or add the GatewayClass.",
        )


def listener_twice(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """Two listeners of a Gateway are for the same host, port and protocol, or have one name."""
    for gateway in world.mesh.kubernetes_gateways:
        names: dict[str, Field] = {}
        places: dict[tuple[object, ...], Field] = {}
        for listener in gateway.listeners:
            place = (listener.hostname, listener.port, listener.protocol)
            twin = names.get(str(listener.name)) or places.get(place)
            if twin is not None:
                yield Hit(
                    listener.field / "name",
                    f"{gateway} has two listeners alike, so neither is served",
                    resource=gateway.resource,
                    hint="Name, and host name, port and protocol together, tell listeners apart.",
                    related=(Related(twin, "the other one"),),
                    about=str(listener.name),
                )
            names.setdefault(str(listener.name), listener.field)
            places.setdefault(place, listener.field)


def routes_from_all(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A listener takes routes of all namespaces."""
    for gateway in world.mesh.kubernetes_gateways:
        for listener in gateway.listeners:
            allowed = listener.allowed_routes
            if allowed.namespaces_from == "All":
                yield Hit(
                    allowed.namespaces_from.field,
                    f"{gateway}: listener {str(listener.name)!r} takes routes from all namespaces, "
                    "so any team may claim its hosts",
                    resource=gateway.resource,
                    hint="Select namespaces by label.",
                    about=str(listener.name),
                )
