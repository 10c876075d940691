"""Workloads in ambient mode whose services a waypoint serves: who reaches them, with and without it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from meshlint.mesh import Mesh
from meshlint.mesh.hosts.services import target_ports
from meshlint.mesh.workloads.waypoints import Waypoint
from meshlint.resources.istio.authorization_policy import AuthorizationPolicy, Source
from meshlint.resources.kubernetes.service import Service
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.access.istio.workloads import PortAccess, identity_of
from meshlint.security.ambient.waypoints import identity_of_waypoint
from meshlint.security.istio import Decision, Request
from meshlint.security.membership.istio import istio_ambient
from meshlint.values import frozen

LEFT_OPEN = frozenset(
    {
        "source_ip",
        "remote_ip",
        "destination_ip",
        "sni",
        "host",
        "method",
        "path",
        "headers",
        "claims",
        "metadata",
    }
)
"""All that a request may hold beside its caller and its port."""
_STRANGER = "ns/meshlint.invalid/sa/nobody"
_MOST_CALLERS = 50
_AUTO_ALLOW = "PILOT_AUTO_ALLOW_WAYPOINT_POLICY"


@frozen(eq=False, slots=False, repr=False)
class Behind:
    """A container port of a workload in ambient mode, called by the name of a service with a waypoint."""

    mesh: Mesh
    service: Service
    waypoint: Waypoint
    server: Workload
    port: int

    @cached_property
    def access(self) -> PortAccess:
        """What judges calls on the way."""
        return PortAccess(self.mesh, self.server, self.port, self.service)

    @cached_property
    def for_waypoint(self) -> Decision:
        """What the server's ztunnel says of what the waypoint passes on."""
        return self.directly(identity_of_waypoint(self.mesh, self.waypoint))

    @cached_property
    def for_stranger(self) -> Decision:
        """What the server's ztunnel says of somebody in the mesh whom no policy names."""
        return self.directly(stranger(self.mesh))

    @cached_property
    def at_waypoint(self) -> Decision | None:
        """What the waypoint says of such a stranger."""
        request = Request(identity=stranger(self.mesh), left_open=LEFT_OPEN)
        return None if self.access.at_waypoint is None else self.access.at_waypoint.decide(request)

    def directly(self, identity: str) -> Decision:
        """What the server's ztunnel says of a caller, whatever else it sends."""
        return self.access.at_server(
            Request(identity=identity, destination_port=self.port, left_open=LEFT_OPEN)
        )


def admits_waypoints_itself(mesh: Mesh) -> bool:
    """Whether a control plane in the files is told to admit waypoints at ztunnel, whatever policies say."""
    return any(
        variable.text("name") == _AUTO_ALLOW and (variable.text("value") or "").lower() == "true"
        for workload in mesh.workloads.in_namespace(mesh.settings.root_namespace)
        for container in workload.pod.containers
        for variable in container.field.items("env")
    )


def stranger(mesh: Mesh) -> str:
    """An identity of the mesh that nobody has."""
    return f"{mesh.settings.trust_domain}/{_STRANGER}"


def behind_waypoints(mesh: Mesh) -> Iterator[Behind]:
    """Every port behind every service that surely has a waypoint of Istio, in the order of the services."""
    for service in mesh.services.all if mesh.waypoints.all else ():
        enrolment = mesh.waypoints.of_service(service)
        waypoint = enrolment.waypoint
        if service.is_headless or not enrolment.is_served or waypoint is None or not waypoint.is_istio:
            continue
        for server in mesh.services.backing(service):
            if istio_ambient(mesh, server).is_present:
                ports = {target for one in service.ports for target in target_ports(one, server)}
                for port in sorted(ports):
                    yield Behind(mesh, service, waypoint, server, port)


@frozen(eq=False, slots=False, repr=False)
class AmbientCallers:
    """The workloads in ambient mode, found by what policies name them by."""

    mesh: Mesh

    @cached_property
    def _by_account(self) -> dict[tuple[str, str], Workload]:
        found: dict[tuple[str, str], Workload] = {}
        for workload in self.mesh.workloads.all:
            if istio_ambient(self.mesh, workload).is_present:
                key = (workload.namespace, str(workload.pod.service_account_name))
                found.setdefault(key, workload)
        return found

    @cached_property
    def _by_namespace(self) -> dict[str, Workload]:
        return {namespace: one for (namespace, _), one in reversed(self._by_account.items())}

    def admitted(self, behind: Behind) -> Workload | None:
        """One that the server's own policies admit if it calls a pod directly; None if they name none."""
        policies = behind.access.guards[0].allowing if behind.access.guards else ()
        for caller in self._named(policies):
            if behind.directly(identity_of(self.mesh, caller)).is_allowed:
                return caller
        return None

    def _named(self, policies: tuple[AuthorizationPolicy, ...]) -> Iterator[Workload]:
        for policy in policies:
            for rule in policy.rules or ():
                for source in rule.from_ or ():
                    yield from self._of(source)

    def _of(self, source: Source) -> Iterator[Workload]:
        for principal in source.principals:
            parts = principal.split("/")
            if "*" in principal:
                yield from tuple(self._by_account.values())[:_MOST_CALLERS]
            elif len(parts) == 5 and (found := self._by_account.get((parts[2], parts[4]))) is not None:
                yield found
        for namespace in source.namespaces:
            if namespace in self._by_namespace:
                yield self._by_namespace[namespace]
