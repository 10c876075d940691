"""Rules for requests to hosts that the workloads of their policy do not serve.

A policy is for requests that come in at its workloads (Istio: AuthorizationPolicy). Written as if it were for
those that they send, it is about requests that never come.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from meshlint.documents import Text
from meshlint.matching import host_covers
from meshlint.mesh import Mesh
from meshlint.mesh.names.expansion import ServiceName
from meshlint.mesh.remembered import remembered
from meshlint.mesh.workloads.gateways import is_gateway
from meshlint.resources import Resource
from meshlint.resources.istio.authorization_policy import AuthorizationPolicy, Rule
from meshlint.resources.istio.virtual_service import VirtualService
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.policies.gaps.rules import is_for_gateway
from meshlint.values import frozen


@frozen(eq=False, repr=False)
class ForeignHost:
    """A rule whose hosts are all served by others: the first of them, and the object that defines it.

    `is_all` says that the policy has no other rule.
    """

    policy: AuthorizationPolicy
    rule: Rule
    workload: Workload
    host: Text
    owner: Resource
    is_all: bool


@remembered
def foreign_hosts(mesh: Mesh) -> tuple[ForeignHost, ...]:
    """The rules that no request meets, because each names hosts that lead elsewhere."""
    return tuple(found for policy in mesh.authorization_policies.all for found in _of(mesh, policy))


def _of(mesh: Mesh, policy: AuthorizationPolicy) -> Iterator[ForeignHost]:
    rules = [rule for rule in policy.rules or () if _hosts(rule)]
    workloads = _surely_selected(mesh, policy) if rules and not policy.is_dry_run else ()
    own = _served_by(mesh, workloads) if workloads else frozenset()
    found = []
    for rule in rules if workloads else ():
        owners = [_owner(mesh, policy, host, workloads, own) for host in _hosts(rule)]
        if all(owners) and owners[0] is not None:
            found.append((rule, _hosts(rule)[0], owners[0]))
    for rule, host, owner in found:
        is_all = len(found) == len(policy.rules or ())
        yield ForeignHost(policy, rule, workloads[0], host, owner, is_all)


def _hosts(rule: Rule) -> tuple[Text, ...]:
    """The hosts that a rule demands one of; none if it also takes requests whatever their host."""
    operations = rule.to or ()
    if not all(one.hosts for one in operations):
        return ()
    return tuple(host for one in operations for host in one.hosts)


def _surely_selected(mesh: Mesh, policy: AuthorizationPolicy) -> tuple[Workload, ...]:
    """The workloads of a policy, if it is surely not for gateways, which serve hosts that they do not own."""
    if policy.target_refs or is_for_gateway(policy):
        return ()
    namespace = policy.resource.namespace
    if policy.selector is None or not policy.selector.labels:
        is_wide = namespace == mesh.settings.root_namespace and not mesh.settings.complete
        if is_wide or any(one.namespace == namespace for one in mesh.kubernetes_gateways):
            return ()
    found = mesh.authorization_policies.selected(policy)
    return () if any(map(is_gateway, found)) or mesh.gateways.served_by(*found) else found


def _served_by(mesh: Mesh, workloads: Sequence[Workload]) -> frozenset[str]:
    """The full names of the Services before some workloads."""
    return frozenset().union(*(_names_of(mesh, one) for one in workloads))


@remembered
def _names_of(mesh: Mesh, workload: Workload) -> frozenset[str]:
    domain = mesh.settings.cluster_domain
    services = mesh.services.of(workload)
    return frozenset(mesh.hosts.service_name(service).host(domain) for service in services)


def _owner(
    mesh: Mesh, policy: AuthorizationPolicy, host: Text, workloads: Sequence[Workload], own: frozenset[str]
) -> Resource | None:
    """Who defines a host that surely does not lead to the workloads; None if it may."""
    name = str(host).lower().partition(":")[0]
    full = mesh.hosts.expand(name, policy.resource.namespace)
    known = None if not name or "*" in name else mesh.hosts.known(full)
    if known is None or full in own or _is_routed_here(mesh, (name, full), own):
        return None
    if known.service is not None:
        behind = mesh.services.backing(known.service)
        is_elsewhere = bool(known.service.selector) and not any(one in workloads for one in behind)
        return known.service.resource if is_elsewhere else None
    entry = known.entries[0]
    return entry.resource if entry.is_external and entry.workload_selector is None else None


def _is_routed_here(mesh: Mesh, names: tuple[str, ...], own: frozenset[str]) -> bool:
    """Whether a route may send requests for one of some hosts to one of the workloads' own names."""
    return any(
        host_covers(host, name) and any(one in own for one in destinations)
        for hosts, destinations in _routed(mesh)
        for host in hosts
        for name in names
    )


@remembered
def _routed(mesh: Mesh) -> tuple[tuple[tuple[str, ...], frozenset[str]], ...]:
    """The hosts of each route that changes them for others, with the full names of its destinations."""
    found = [(mesh.virtual_services.hosts(one), _destinations(mesh, one)) for one in mesh.virtual_services]
    domain = mesh.settings.cluster_domain
    for route in mesh.routes:
        hosts = tuple(str(host) for host in route.hostnames) or ("*",)
        backends = (ref for rule in route.rules for ref in rule.backend_refs)
        names = frozenset(
            ServiceName(ref.namespace or route.namespace, ref.name or "").host(domain) for ref in backends
        )
        found.append((hosts, names))
    return tuple(found)


def _destinations(mesh: Mesh, virtual_service: VirtualService) -> frozenset[str]:
    """Where a VirtualService sends requests, by way of those that it delegates to as well."""
    delegates = [route.delegate for route in virtual_service.http if route.delegate is not None]
    named = (mesh.virtual_services.delegate_name(virtual_service, one) for one in delegates)
    routes = [virtual_service, *(one for name in named for one in mesh.virtual_services.named(*name))]
    return frozenset(
        mesh.hosts.expand(entry.destination.host or "", one.resource.namespace)
        for one in routes
        for route in one.http
        for entry in route.route
    )
