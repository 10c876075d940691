"""Policies at servers for addresses of clients that a gateway calls them for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from meshlint.matching import AddressSet
from meshlint.mesh import Mesh
from meshlint.mesh.remembered import remembered
from meshlint.resources.gateway_api.reference import GROUP
from meshlint.resources.kubernetes.workload import Workload
from meshlint.resources.resource import Resource
from meshlint.security.policies.gaps.gateways import address_values
from meshlint.security.policies.scope import before_sidecars
from meshlint.security.policies.values.texts import PolicyValue, policies_saying
from meshlint.traffic.destinations.routed import destinations
from meshlint.traffic.tables.gateway_api.routes import backend_host
from meshlint.values import frozen

_WITHIN = AddressSet.of(
    *("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"),
    *("fc00::/7", "fe80::/10", "::1/128"),
)
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
    for policy, workloads in before_sidecars(mesh, policies_saying(mesh, _FIELDS.__contains__)):
        asked = (one for one in address_values(mesh, policy, *_FIELDS) if one.name in _FIELDS)
        values = [one for one in asked if _is_outside(mesh, one)]
        route = _gateway_route(mesh, workloads) if values and not policy.is_dry_run else None
        if route is not None:
            yield from (AddressBefore(value, workloads[0], route) for value in values)


def _is_outside(mesh: Mesh, one: PolicyValue) -> bool:
    """Whether no pod, node or machine in the files has an address of a block."""
    block = AddressSet.of(str(one.value))
    entries = mesh.resources.of("networking.istio.io", "WorkloadEntry")
    machines = AddressSet.of(*(str(entry.spec.text("address") or "") for entry in entries))
    return not (block.is_empty() or block.overlaps(_WITHIN) or block.overlaps(machines))


def _gateway_route(mesh: Mesh, workloads: Iterable[Workload]) -> Resource | None:
    """The first route from a gateway to workloads that nothing else outside can call."""
    services = {service for one in workloads for service in mesh.services.of(one)}
    if any(one.type not in ("ClusterIP", "") or one.external_ips for one in services):
        return None
    hosts = {mesh.hosts.service_name(one).host(mesh.settings.cluster_domain) for one in services}
    return next((owner for host, owner in _first_routes(mesh).items() if host in hosts), None)


@remembered
def _first_routes(mesh: Mesh) -> dict[str, Resource]:
    """The first route of a gateway that leads to each host, in the order of the routes."""
    found: dict[str, Resource] = {}
    for owner, host in _led_by_gateways(mesh):
        found.setdefault(host, owner)
    return found


def _led_by_gateways(mesh: Mesh) -> Iterator[tuple[Resource, str]]:
    """Where the routes of gateways lead, host by host."""
    for routed in destinations(mesh):
        if routed.is_http and not routed.is_mirror and routed.virtual_service.bound_gateways:
            yield routed.virtual_service.resource, routed.host
    for one in mesh.routes:
        if any(parent.is_a(GROUP, "Gateway") for parent in one.parent_refs):
            for rule in one.rules:
                for backend in rule.backend_refs:
                    yield one.resource, backend_host(backend, mesh.settings.cluster_domain)
