"""Which calls pass through a waypoint, and what is enforced there."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from meshlint.mesh import Mesh
from meshlint.mesh.hosts.protocols import Protocol, service_port_protocol
from meshlint.mesh.hosts.services import target_ports
from meshlint.mesh.policies.attachment import GATEWAY_GROUP, Attachment, Policy
from meshlint.mesh.workloads.gateways import is_gateway
from meshlint.mesh.workloads.waypoints import WAYPOINT_CLASS, Enrolment, Waypoint
from meshlint.resources.istio.service_entry import ServiceEntry
from meshlint.resources.kubernetes.service import Service
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.istio import Chain, Decision, Guard, Request, Verdict, guard
from meshlint.security.istio.listeners import agreed, judged
from meshlint.security.membership.istio import istio_ambient
from meshlint.values import evolve, frozen


@frozen(eq=False, repr=False)
class Passage:
    """The waypoint that a call passes through, if any, and why.

    With `is_known` false, the call may pass `waypoint` or go past it: what decides is not in the files.
    """

    waypoint: Waypoint | None
    reason: str
    is_known: bool = True


def passage(mesh: Mesh, client: Workload | None, server: Workload, service: Service | None) -> Passage:
    """Which waypoint a call of `client` passes; without a `service` it is addressed to a pod of `server`.

    ztunnel sends what its own pods call to the waypoint of the service that they address, or to that of the
    workload if they address a pod. An ingress gateway does so only where the service asks for it. Sidecars,
    and whoever is outside of the mesh, go past every waypoint (Istio: ambient labels; waypoint bypass).
    """
    if client is None:
        return Passage(None, "the caller is outside of the mesh, so it goes past waypoints")
    if mesh.waypoints.run_by(client) is not None:
        return Passage(None, "a waypoint calls pods directly")
    ambient = istio_ambient(mesh, client)
    if ambient.is_absent and is_gateway(client):
        return _of_gateway(mesh, addressed(service))
    if ambient.is_absent:
        return Passage(None, "only pods in ambient mode call through waypoints")
    enrolment = enrolment_of(mesh, server, service)
    if enrolment.waypoint is None or enrolment.is_served is False:
        return Passage(None, enrolment.state.value)
    is_known = ambient.is_present and enrolment.is_served is True
    reason = enrolment.state.value if ambient.is_present else ambient.reason
    return Passage(enrolment.waypoint, reason, is_known)


def enrolment_of(mesh: Mesh, server: Workload, service: Service | None) -> Enrolment:
    """Which waypoint serves a service, or without one the pods of `server` themselves."""
    called = addressed(service)
    return mesh.waypoints.of_workload(server) if called is None else mesh.waypoints.of_service(called)


def addressed(service: Service | None) -> Service | None:
    """What calls by the name of a service are addressed to: None stands for its pods.

    A headless service has no address of its own, so ztunnel only sees that of a pod (ztunnel: it looks the
    waypoint up by the address that is called).
    """
    return None if service is None or service.is_headless else service


def _of_gateway(mesh: Mesh, service: Service | None) -> Passage:
    if service is None:
        return Passage(None, "an ingress gateway calls pods directly")
    uses = mesh.waypoints.ingress_uses(service)
    enrolment = mesh.waypoints.of_service(service)
    if uses is False:
        return Passage(None, "no label sends ingress gateways through the waypoint")
    if enrolment.waypoint is None or enrolment.is_served is False:
        return Passage(None, enrolment.state.value)
    return Passage(enrolment.waypoint, enrolment.state.value, uses is True and enrolment.is_served is True)


def identity_of_waypoint(mesh: Mesh, waypoint: Waypoint) -> str:
    """The identity that a waypoint shows to the proxies behind it."""
    return f"{mesh.settings.trust_domain}/ns/{waypoint.namespace}/sa/{waypoint.account}"


def attached_at_waypoint(
    policies: Attachment[Policy], waypoint: Waypoint, target: Service | ServiceEntry | None
) -> tuple[Policy, ...]:
    """The policies that a waypoint of Istio enforces on calls to a target, or to pods where that is None.

    They name the waypoint or the target and lie beside it, or name the class of waypoints and lie in the root
    namespace. Policies with a selector, or for a whole namespace, mean nothing to waypoints (Istio: policy
    attachment).
    """
    if not waypoint.is_istio:
        return ()
    root = policies.settings.root_namespace
    found = [
        *policies.naming(root, (GATEWAY_GROUP, "GatewayClass", WAYPOINT_CLASS)),
        *policies.naming(waypoint.namespace, (GATEWAY_GROUP, "Gateway", waypoint.name)),
    ]
    if target is not None:
        group = "" if isinstance(target, Service) else "networking.istio.io"
        kind = "Service" if isinstance(target, Service) else "ServiceEntry"
        found.extend(policies.naming(target.namespace, (group, kind, target.name)))
    return tuple({id(policy): policy for policy in found}.values())


@frozen(eq=False, slots=False, repr=False)
class AtWaypoint:
    """What a waypoint enforces on calls that end at one container port, made ready for many requests.

    They are addressed to `service`, or to pods where that is None. `ports` are those that they arrive at:
    the ports of the service, before which the waypoint stands, or for pods the container's.
    """

    mesh: Mesh
    waypoint: Waypoint
    service: Service | None
    ports: tuple[int, ...]

    @classmethod
    def of(cls, mesh: Mesh, server: Workload, port: int, service: Service | None = None) -> AtWaypoint | None:
        """The waypoint that serves a service, or the pods of `server`; None if surely none does."""
        enrolment = enrolment_of(mesh, server, service)
        if enrolment.is_served is False or enrolment.waypoint is None:
            return None
        called = addressed(service)
        return cls(mesh, enrolment.waypoint, called, _called_ports(called, server, port))

    @cached_property
    def guards(self) -> Mapping[int, tuple[Guard, ...]]:
        """By port, one guard for each kind of listener that may take the calls."""
        attached = attached_at_waypoint(self.mesh.authorization_policies, self.waypoint, self.service)
        return {
            port: tuple(guard(self.mesh, attached, chain) for chain in self._chains(port))
            for port in self.ports
        }

    def decide(self, request: Request) -> Decision:
        """What comes of `request` here."""
        if not self.waypoint.is_istio:
            name = str(self.waypoint)
            return Decision(Verdict.DEPENDS, f"{name} is not run by Istio", depends_on=(name,))
        return agreed(
            judged(guards, evolve(request, destination_port=port)) for port, guards in self.guards.items()
        )

    def _chains(self, port: int) -> tuple[Chain, ...]:
        entry = None if self.service is None else self.service.port(port)
        spoken = Protocol.UNKNOWN if entry is None else service_port_protocol(entry)
        http = (Chain.HTTP,) if spoken.may_be_http else ()
        return http if spoken.is_http else (*http, Chain.TCP)


def _called_ports(service: Service | None, server: Workload, port: int) -> tuple[int, ...]:
    if service is None:
        return (port,)
    return tuple(
        entry.port
        for entry in service.ports
        if entry.port is not None and port in target_ports(entry, server)
    )
