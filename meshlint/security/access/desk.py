"""Answers for a whole mesh: one request at a time, each port made ready once."""

from __future__ import annotations

from collections.abc import Hashable
from functools import cached_property

from meshlint.mesh import Mesh
from meshlint.mesh.workloads.gateways import is_gateway
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.access.callers import Callers
from meshlint.security.access.calling import Caller
from meshlint.security.access.decision import AccessDecision, combined
from meshlint.security.access.ends import Names, Target
from meshlint.security.access.istio.gateways import GatewayPort, gateway_port
from meshlint.security.access.istio.made_pods import is_made
from meshlint.security.access.istio.ports import IstioPort, dataplane_of, istio_port
from meshlint.security.access.linkerd import LinkerdPort, linkerd_port
from meshlint.security.access.request import AccessRequest
from meshlint.security.membership.istio import istio_ambient, istio_sidecar
from meshlint.security.membership.linkerd import linkerd_proxy
from meshlint.values import evolve, frozen

Port = GatewayPort | IstioPort | LinkerdPort


@frozen(eq=False, slots=False, repr=False)
class AccessDesk:
    """Says who may call whom, and keeps what it has made ready: policies of ports and ways of clients."""

    mesh: Mesh

    @cached_property
    def names(self) -> Names:
        """Workloads and Services by name."""
        return Names(self.mesh)

    def decide(self, client: Workload | None, target: Target, request: AccessRequest) -> AccessDecision:
        """What comes of a request to one port, by a workload or by whoever the request names."""
        ports = self.ports(target)
        return combined(tuple(one.ask(client, request) for one in ports), _which(target.workload))

    def decide_for(self, caller: Caller, target: Target, request: AccessRequest) -> AccessDecision:
        """What comes of a request by whoever `caller` is."""
        left_open = request.left_open | {"identity"} if caller.is_unknown else request.left_open
        asked = evolve(request, principal=caller.principal, namespace=caller.namespace, left_open=left_open)
        return self.decide(caller.workload, target, asked)

    @cached_property
    def callers(self) -> Callers:
        """Whom the files name as callers."""
        return Callers(self.mesh)

    def ports(self, target: Target) -> tuple[Port, ...]:
        """What may judge the calls to a port; several where the files do not tell which mesh it is in."""
        found = self._ports.get(target)
        if found is None:
            found = self._ports[target] = _ports(self.mesh, target)
        return found

    @cached_property
    def ends(self) -> dict[Hashable, object]:
        """What whoever asks by name has found out about the ends of earlier requests."""
        return {}

    @cached_property
    def _ports(self) -> dict[Target, tuple[Port, ...]]:
        return {}


def _ports(mesh: Mesh, target: Target) -> tuple[Port, ...]:
    if is_made(target.workload):
        return (gateway_port(mesh, target),)
    linkerd = linkerd_proxy(mesh, target.workload)
    if is_gateway(target.workload) and not linkerd.is_present and not _is_waypoint(mesh, target.workload):
        return (gateway_port(mesh, target),)
    if linkerd.is_absent:
        return (istio_port(mesh, target),)
    if linkerd.is_present:
        both = dataplane_of(mesh, target.workload) is not None
        return (linkerd_port(mesh, target), *((istio_port(mesh, target),) if both else ()))
    if dataplane_of(mesh, target.workload) is not None or not _knows_linkerd(mesh):
        return (istio_port(mesh, target),)
    if istio_sidecar(mesh, target.workload).is_absent and istio_ambient(mesh, target.workload).is_absent:
        return (linkerd_port(mesh, target),)
    return istio_port(mesh, target), linkerd_port(mesh, target)


def _is_waypoint(mesh: Mesh, workload: Workload) -> bool:
    return mesh.waypoints.run_by(workload) is not None


def _knows_linkerd(mesh: Mesh) -> bool:
    """Whether the files show anything of Linkerd."""
    linkerd = mesh.linkerd
    policies = (linkerd.servers, linkerd.authorization_policies, linkerd.server_authorizations)
    return any(policies)


def _which(workload: Workload) -> str:
    return f"which mesh {workload} is in"
