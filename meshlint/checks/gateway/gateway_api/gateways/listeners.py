"""Gateways of the Gateway API and their listeners: classes, addresses, and whose routes they take."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.shared.conditions import told
from meshlint.checks.shared.wording import did_you_mean
from meshlint.checks.world import World
from meshlint.mesh.namespaces.placement import belong_together
from meshlint.resources.gateway_api.gateway import Gateway, GatewayAddress
from meshlint.traffic.status.conditions import Truth
from meshlint.traffic.status.conflicts import HOSTNAME_CONFLICT, PROTOCOL_CONFLICT


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


def service_shared(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """Two Gateways at one Service have listeners that exclude each other."""
    from meshlint.traffic.gateways.shared_services import listener_clashes

    for one in listener_clashes(world.mesh, world.traffic.status):
        name, port = f"{one.other.namespace}/{one.other.name}", one.listener.port
        what = f"{one.listener.protocol} on port {port}"
        if not one.is_of_protocols:
            what = f"host {str(one.listener.hostname or '*')!r} on port {port}"
        unlike = f"unlike Gateway {name}" if one.is_of_protocols else f"like Gateway {name}"
        yield Hit(
            one.listener.field / ("protocol" if one.is_of_protocols else "hostname"),
            f"{one.gateway} serves {what} of {one.service.split('.')[0]!r}, {unlike}, so only the older does",
            resource=one.gateway.resource,
            hint="Gateways that name one Service share its pods: put the listeners into one Gateway.",
            related=(Related(one.other_listener.field, "the other listener"),),
            about=name,
        )


def decrypted_before(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A listener expects TLS, and the load balancer before it has ended that."""
    from meshlint.traffic.gateways.balanced import listeners_decrypted_before

    for one in listeners_decrypted_before(world.mesh):
        yield Hit(
            one.listener.field / "protocol",
            f"{one.gateway} expects TLS on port {one.listener.port}, which a load balancer has ended, "
            "so connections fail",
            resource=one.gateway.resource,
            hint="Serve what comes decrypted as HTTP, or let the balancer pass TLS on or encrypt anew.",
            related=(Related(one.at, "by this certificate the balancer ends TLS"),),
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
    """Two listeners of a Gateway are for the same host and port, or mix protocols on a port."""
    for one in told(world, PROTOCOL_CONFLICT, HOSTNAME_CONFLICT):
        effect = "it is not" if one.condition.truth is not Truth.UNKNOWN else "one of them is not"
        yield Hit(
            one.field,
            f"{one.owner}: listener {str(one.field.value)!r} is in conflict, so {effect} served: "
            f"{one.condition.words}",
            resource=one.owner,
            hint="Port and host name together tell listeners of one protocol apart.",
            about=str(one.field.value),
        )


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
