"""Gateways against the pods and Services that they need, and against each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.world import World
from meshlint.traffic.gateways.pods import Clash


def port_closed(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """No Service of the gateway's pods has the port of a server."""
    from meshlint.traffic.gateways.pods import closed_ports

    for closed in closed_ports(world.mesh):
        owner = closed.gateway.resource
        names = ", ".join(list(dict.fromkeys(f"{s.namespace}/{s.name}" for s in closed.services))[:2])
        yield Hit(
            closed.server.port.field / "number",
            f"{owner} listens on port {closed.server.port.number}, which Service {names} does not open, "
            "so nobody reaches it",
            resource=owner,
            hint="The number is a port of the gateway's Service.",
            related=tuple(
                Related(service.resource.spec / "ports", "its ports") for service in closed.services[:2]
            ),
        )


def server_clash(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """Two servers of the same pods exclude each other."""
    for clash in world.traffic.gateway_clashes:
        if clash.gateway is clash.other and not clash.is_merged:
            yield _later(clash)
        elif not clash.is_merged:
            yield from _both_sides(clash, "so the younger one is dropped")


def _later(clash: Clash) -> Hit:
    """The later of two servers of one Gateway, which counts for nothing (istiod: mergeGateways)."""
    server, earlier, number = clash.other_server, clash.server, clash.server.port.number
    what = f"host {str(clash.host)!r} of port {number}" if clash.host is not None else f"port {number}"
    other = f" as protocol {earlier.port.protocol}" if clash.host is None else ""
    return Hit(
        server.port.field if clash.host is None else server.field / "hosts",
        f"{clash.gateway.resource} serves {what} in an earlier server too{other}, so this one is dropped",
        resource=clash.gateway.resource,
        on_key=True,
        hint="Give each host of a port to one server.",
        related=(Related(earlier.field, "the earlier server"),),
        about=f"{clash.gateway.resource} {number}",
    )


def host_shared(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """Two plain HTTP servers of the same pods have one host."""
    for clash in world.traffic.gateway_clashes:
        if clash.is_merged and clash.gateway is not clash.other:
            yield from _both_sides(clash, "so routes of either take its requests")


def _both_sides(clash: Clash, effect: str) -> Iterator[Hit]:
    sides = (
        (clash.gateway, clash.server, clash.other, clash.other_server),
        (clash.other, clash.other_server, clash.gateway, clash.server),
    )
    for gateway, server, other, other_server in sides:
        number, name = server.port.number, f"{other.resource.namespace}/{other.resource.name}"
        what = f"host {str(clash.host)!r} of port {number}" if clash.host is not None else f"port {number}"
        with_ = f"as protocol {server.port.protocol}, unlike" if clash.host is None else "like"
        yield Hit(
            server.port.field if clash.host is None else server.field / "hosts",
            f"{gateway.resource} serves {what} {with_} {name}, {effect}",
            resource=gateway.resource,
            on_key=True,
            hint="Gateways for the same pods share ports: give each host to one of them.",
            related=(Related(other_server.field, "the other server"),),
            about=name,
        )


def undiscovered(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """The pods of a Gateway run where the control plane does not look."""
    for gateway in world.mesh.gateways.all:
        pods = world.mesh.gateways.pods(gateway)
        holders = [world.mesh.discovery.hiding(pod.namespace) for pod in pods]
        holder = holders[0] if holders and all(holders) else None
        if holder is not None:
            place = str(pods[0].namespace)
            yield Hit(
                gateway.resource.spec / "selector",
                f"{gateway.resource} is served by {pods[0]}, where the control plane does not look, "
                "so it serves nothing",
                resource=gateway.resource,
                on_key=True,
                hint=f"Give namespace {place!r} a label that `discoverySelectors` ask for.",
                related=(Related(holder.at("metadata", "name"), "it holds the mesh-wide settings"),),
            )
