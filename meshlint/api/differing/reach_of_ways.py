"""Of which hosts and gateways may the ways of requests differ? On the safe side, as with calls.

A route is for its hosts, gateways and parents; what stands behind a host is for whatever leads there. Where
anything else is changed, all ways are asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from meshlint.api.differing.objects import BESIDE_THE_TRAFFIC, Changed
from meshlint.api.differing.questions import Asking, door_named
from meshlint.matching import hosts_overlap
from meshlint.mesh import Mesh
from meshlint.mesh.names.expansion import ServiceName
from meshlint.mesh.routing.gateways import gateway_name
from meshlint.resources.gateway_api.route import AnyRoute
from meshlint.resources.istio.virtual_service import VirtualService
from meshlint.traffic.destinations.routed import destinations
from meshlint.values import field, frozen

_NETWORKING, _GATEWAY_API, _POLICY = "networking.istio.io", "gateway.networking.k8s.io", "policy.linkerd.io"
_ROUTES = {"HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute"}
_OF_NO_WAY = BESIDE_THE_TRAFFIC | {
    ("", "ServiceAccount"),
    (_POLICY, "AuthorizationPolicy"),
    (_POLICY, "MeshTLSAuthentication"),
    (_POLICY, "NetworkAuthentication"),
    (_POLICY, "Server"),
    (_POLICY, "ServerAuthorization"),
    ("security.istio.io", "AuthorizationPolicy"),
    ("security.istio.io", "PeerAuthentication"),
    ("security.istio.io", "RequestAuthentication"),
}
"""Kinds that do not decide where requests go; whether they are let in there is told of calls."""


@frozen
class WayReach:
    """What has to be asked: `hosts` and `gateways`, and of all else what `senders` send."""

    is_everywhere: bool = False
    hosts: frozenset[str] = field(factory=frozenset)
    gateways: frozenset[str] = field(factory=frozenset)
    senders: frozenset[str] = field(factory=frozenset)

    def takes_host(self, host: str) -> bool:
        """Whether all requests to a host have to be asked about."""
        return self.is_everywhere or host in self.hosts

    def takes_gateway(self, name: str) -> bool:
        """Whether the requests that come in at a gateway have to be asked about."""
        return self.is_everywhere or name in self.gateways


_EVERYWHERE = WayReach(is_everywhere=True)


def way_reach_of(changes: Iterable[Changed], before: Mesh, after: Mesh) -> WayReach:
    """Of which ways the changes may speak; `before` and `after` are the meshes of the two sides."""
    found = [WayReach()]
    for change in changes:
        if not change.is_moved and (change.id.group, change.id.kind) not in _OF_NO_WAY:
            for mesh in (before, after):
                one = _Tracing(mesh, Asking(mesh)).of(change)
                if one.is_everywhere:
                    return _EVERYWHERE
                found.append(one)
    return WayReach(
        False,
        frozenset().union(*(one.hosts for one in found)),
        frozenset().union(*(one.gateways for one in found)),
        frozenset().union(*(one.senders for one in found)),
    )


@frozen(eq=False, repr=False)
class _Tracing:
    """Follows the changed objects of one side to whatever leads to them."""

    mesh: Mesh
    asking: Asking

    def of(self, change: Changed) -> WayReach:
        own = {id(one) for one in change.versions}
        group, kind = change.id.group, change.id.kind
        if (group, kind) == (_NETWORKING, "VirtualService"):
            return self._joined(
                self._of_routes(one) for one in self.mesh.virtual_services if id(one.resource) in own
            )
        if group in (_GATEWAY_API, _POLICY) and kind in _ROUTES:
            return self._joined(self._of_parents(one) for one in self.mesh.routes if id(one.resource) in own)
        behind = self._behind(change, own)
        return _EVERYWHERE if behind is None else self._leading_to(behind, own)

    def _behind(self, change: Changed, own: set[int]) -> tuple[str, ...] | None:
        """The hosts that an object stands behind; None for kinds that may concern any way."""
        domain = self.mesh.settings.cluster_domain
        kind = (change.id.group, change.id.kind)
        if kind == (_NETWORKING, "DestinationRule"):
            rules = (one for one in self.mesh.destination_rules.all if id(one.resource) in own)
            return tuple(self.mesh.hosts.expand(one.host or "*", one.namespace) for one in rules)
        if kind == (_NETWORKING, "ServiceEntry"):
            entries = (one for one in self.mesh.service_entries if id(one.resource) in own)
            return tuple(str(host) for one in entries for host in one.hosts)
        if kind == ("", "Service"):
            return (ServiceName(change.id.namespace, change.id.name).host(domain),)
        if kind == ("linkerd.io", "ServiceProfile"):
            return (change.id.name,)
        held = self.mesh.workloads.in_namespace(change.id.namespace)
        workloads = [one for one in held if id(one.resource) in own]
        services = [service for one in workloads for service in self.mesh.services.of(one)]
        names = tuple(ServiceName(one.namespace, one.name).host(domain) for one in services)
        is_here = any(id(one) in own for one in self.mesh.resources.resources)
        return names if workloads or not is_here else None

    def _leading_to(self, hosts: tuple[str, ...], own: set[int]) -> WayReach:
        """The hosts themselves, what has routes to them, and what their workloads send."""

        def is_meant(host: str) -> bool:
            return any(hosts_overlap(host, one) for one in hosts)

        routes = {
            id(one.virtual_service): one.virtual_service
            for one in destinations(self.mesh)
            if is_meant(one.host)
        }
        parents = [one for one in self.mesh.routes if any(map(is_meant, self._backends(one)))]
        found = self._joined([*map(self._of_routes, routes.values()), *map(self._of_parents, parents)])
        if found.is_everywhere:
            return found
        senders = (one for one in self.mesh.workloads.all if id(one.resource) in own)
        return WayReach(
            False,
            found.hosts | frozenset(filter(is_meant, self.asking.hosts)),
            found.gateways,
            frozenset(f"{one.namespace}/{one.name}" for one in senders),
        )

    def _backends(self, route: AnyRoute) -> Iterator[str]:
        domain = self.mesh.settings.cluster_domain
        for rule in route.rules:
            for ref in rule.backend_refs:
                yield ServiceName(ref.namespace, str(ref.name or "")).host(domain)

    def _of_routes(self, one: VirtualService) -> WayReach:
        """The hosts and gateways of a VirtualService; one without hosts is part of others."""
        if not one.hosts:
            return _EVERYWHERE
        namespace = one.resource.namespace
        meant = [self.mesh.hosts.expand(host, namespace) for host in one.hosts]
        doors = (door_named(str(gateway_name(name, namespace))) for name in one.gateways_or_mesh)
        hosts = {host for host in self.asking.hosts if any(hosts_overlap(host, other) for other in meant)}
        return WayReach(False, frozenset(hosts), frozenset(doors))

    def _of_parents(self, route: AnyRoute) -> WayReach:
        domain = self.mesh.settings.cluster_domain
        hosts, doors = set(), set()
        for parent in route.parent_refs:
            if parent.kind == "Gateway":
                doors.add(door_named(f"{parent.namespace}/{parent.name}"))
            elif parent.kind == "Service":
                hosts.add(ServiceName(parent.namespace, str(parent.name or "")).host(domain))
            else:
                return _EVERYWHERE
        return WayReach(False, frozenset(hosts), frozenset(doors))

    def _joined(self, found: Iterable[WayReach]) -> WayReach:
        held = tuple(found)
        if any(one.is_everywhere for one in held):
            return _EVERYWHERE
        return WayReach(
            False,
            frozenset(host for one in held for host in one.hosts),
            frozenset(door for one in held for door in one.gateways),
        )
