"""Policies at servers for addresses of clients that a gateway calls them for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Network, IPv6Network, ip_network

from meshlint.mesh import Mesh
from meshlint.resources.gateway_api.reference import GROUP
from meshlint.resources.istio.virtual_service import MESH_GATEWAY
from meshlint.resources.kubernetes.workload import Workload
from meshlint.resources.resource import Resource
from meshlint.security.policies.gaps.gateways import address_values
from meshlint.security.policies.scope import before_sidecars
from meshlint.security.policies.values.texts import PolicyValue
from meshlint.traffic.tables.gateway_api.routes import backend_host
from meshlint.values import frozen

_WITHIN = tuple(
    map(
        ip_network,
        ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"),
    )
) + tuple(map(ip_network, ("fc00::/7", "fe80::/10", "::1/128")))
"""Where the addresses of pods, nodes and links are (RFC 1918, 4193, 4291, 6598, 3927)."""
_FIELDS = ("ipBlocks", "source.ip")


@frozen(eq=False, repr=False)
class AddressBefore:
    """A public address in a policy of a workload, and the route that a gateway calls the workload by."""

    value: PolicyValue
    workload: Workload
    route: Resource


def addresses_behind_gateways(mesh: Mesh) -> Iterator[AddressBefore]:
    """Addresses from outside in policies of sidecars that outside calls reach through a gateway alone.

    A sidecar compares the address that the connection comes from, which is the gateway's (Istio: source.ip).
    """
    for policy, workloads in before_sidecars(mesh):
        asked = (one for one in address_values(mesh, policy, *_FIELDS) if one.name in _FIELDS)
        values = [one for one in asked if _is_outside(mesh, one)]
        route = _gateway_route(mesh, workloads) if values and not policy.is_dry_run else None
        if route is not None:
            yield from (AddressBefore(value, workloads[0], route) for value in values)


def _is_outside(mesh: Mesh, one: PolicyValue) -> bool:
    """Whether no pod, node or machine in the files has an address of a block."""
    block = _network(str(one.value))
    if block is None or not block.prefixlen or any(_overlap(block, other) for other in _WITHIN):
        return False
    entries = mesh.resources.of("networking.istio.io", "WorkloadEntry")
    machines = (_network(str(entry.spec.text("address") or "")) for entry in entries)
    return not any(_overlap(block, machine) for machine in machines if machine is not None)


def _network(text: str) -> IPv4Network | IPv6Network | None:
    try:
        return ip_network(text, strict=False)
    except ValueError:
        return None


def _overlap(one: IPv4Network | IPv6Network, other: IPv4Network | IPv6Network) -> bool:
    return one.version == other.version and one.overlaps(other)


def _gateway_route(mesh: Mesh, workloads: Iterable[Workload]) -> Resource | None:
    """The first route from a gateway to workloads that nothing else outside can call."""
    services = {service for one in workloads for service in mesh.services.of(one)}
    if any(one.type not in ("ClusterIP", "") or one.external_ips for one in services):
        return None
    hosts = {mesh.hosts.service_name(one).host(mesh.settings.cluster_domain) for one in services}
    return next((owner for owner, host in _led_by_gateways(mesh) if host in hosts), None)


def _led_by_gateways(mesh: Mesh) -> Iterator[tuple[Resource, str]]:
    """Where the routes of gateways lead, host by host."""
    for virtual_service in mesh.virtual_services:
        if set(virtual_service.gateways_or_mesh) - {MESH_GATEWAY}:
            for route in virtual_service.http:
                for host in (entry.destination.host for entry in route.route):
                    if host:
                        namespace = virtual_service.resource.namespace
                        yield virtual_service.resource, mesh.hosts.expand(str(host), namespace)
    for one in mesh.routes:
        if any(parent.is_a(GROUP, "Gateway") for parent in one.parent_refs):
            for rule in one.rules:
                for backend in rule.backend_refs:
                    yield one.resource, backend_host(backend, mesh.settings.cluster_domain)
