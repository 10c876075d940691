"""Destinations whose own policies refuse the gateway that sends requests there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.world import World
from meshlint.documents import Place
from meshlint.mesh import Mesh
from meshlint.mesh.hosts.services import target_ports
from meshlint.mesh.routing.gateways import gateway_name
from meshlint.resources.istio.destination import Destination
from meshlint.resources.istio.virtual_service import VirtualService
from meshlint.resources.kubernetes.service import Service
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.access.istio.workloads import Access, access
from meshlint.security.istio import Request
from meshlint.security.policies.gaps.behind_waypoints import LEFT_OPEN
from meshlint.security.transport.calls import Transport


def gateway_refused(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A gateway leads to a workload whose policies deny it whatever is asked for."""
    told: set[Place] = set()
    for routed in world.traffic.destinations:
        host, resource = routed.destination.host, routed.virtual_service.resource
        known = world.mesh.hosts.known(routed.host)
        service = None if known is None else known.service
        if host is None or service is None or routed.is_mirror or host.field.place in told:
            continue
        for gateway in _gateways(world.mesh, routed.virtual_service):
            found = _refusal(world.mesh, gateway, service, routed.destination)
            if found is not None:
                told.add(host.field.place)
                policies = (*(one.policy for one in found.decision.deciding), *found.decision.policies)
                yield Hit(
                    host.field,
                    f"{resource} leads {gateway} to {service}, whose policies deny it, so clients get 403",
                    resource=resource,
                    hint=f"It comes as '{found.identity}'."
                    if found.identity
                    else "It has no identity there.",
                    related=tuple(
                        Related(one.resource.at("metadata", "name"), f"{one}") for one in policies[:2]
                    ),
                )
                break


def _gateways(mesh: Mesh, virtual_service: VirtualService) -> Iterator[Workload]:
    """The pods of each gateway in view that a VirtualService is bound to."""
    namespace = virtual_service.resource.namespace
    for reference in virtual_service.gateways:
        for gateway in mesh.gateways.named(gateway_name(reference, namespace)):
            yield from mesh.gateways.pods(gateway)[:1]


def _refusal(mesh: Mesh, gateway: Workload, service: Service, destination: Destination) -> Access | None:
    """What keeps a gateway out of the one workload and port that a destination is, if anything does."""
    number = destination.port
    ports = [one for one in service.ports if number in (None, one.port)]
    behind = mesh.services.backing(service)
    targets = target_ports(ports[0], behind[0]) if len(ports) == 1 and len(behind) == 1 else frozenset()
    if len(targets) != 1:
        return None
    request = Request(destination_port=next(iter(targets)), left_open=LEFT_OPEN)
    found = access(mesh, gateway, behind[0], request, service)
    is_refused = found.decision.is_denied and found.hop.transport is not Transport.BROKEN
    return found if is_refused else None
