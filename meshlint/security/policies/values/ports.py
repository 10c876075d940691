"""Ports in AuthorizationPolicies that no connection arrives at.

A waypoint compares the port of the Service, a sidecar the one of the container (Istio: ports of policies).
"""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.matching import port_number
from meshlint.mesh import Mesh
from meshlint.mesh.hosts.services import target_ports
from meshlint.mesh.names.expansion import ServiceName
from meshlint.resources.istio.authorization_policy import AuthorizationPolicy
from meshlint.resources.kubernetes.service import Service
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.policies.scope import before_sidecars, names_service
from meshlint.security.policies.values.texts import PolicyValue, policies_saying, policy_values, positive
from meshlint.security.transport.inbound import UNCAPTURED, served_ports, service_ports
from meshlint.values import frozen

_PORTS = ("ports", "destination.port")
_SCRAPED = ("prometheus.io/port", "prometheus.istio.io/merge-metrics-port")


@frozen(eq=False, repr=False)
class ForeignPort:
    """A port that the target of a policy does not have; `instead` is its port that leads there, if any."""

    found: PolicyValue
    service: Service
    instead: int | None


def port_values(mesh: Mesh, policy: AuthorizationPolicy) -> Iterator[tuple[PolicyValue, int]]:
    """The values of a policy that are sound ports, with their numbers."""
    for found in policy_values(mesh, policy):
        number = port_number(found.value) if positive(found.name) in _PORTS else None
        if number is not None:
            yield found, number


def foreign_ports(mesh: Mesh) -> Iterator[ForeignPort]:
    """Ports in policies for Services that none of these Services has."""
    for policy in policies_saying(mesh, _PORTS.__contains__):
        services = _targets(mesh, policy)
        offered = {port.port: port for service in services for port in service.ports}
        for found, number in port_values(mesh, policy) if offered else ():
            if number not in offered:
                yield ForeignPort(found, services[0], _leading_to(mesh, services, number))


def _targets(mesh: Mesh, policy: AuthorizationPolicy) -> tuple[Service, ...]:
    """The Services that a policy names, in every way they are written; none if some target is not in view."""
    services: list[Service] = []
    for ref in policy.target_refs:
        found = mesh.services.get(ServiceName(policy.resource.namespace, ref.name or ""))
        if found is None or not names_service(ref):
            return ()
        services.extend(mesh.services.alternatives(found))
    return tuple(services)


def _leading_to(mesh: Mesh, services: tuple[Service, ...], number: int) -> int | None:
    for service in services:
        for port in service.ports:
            named = (target_ports(port, one) for one in mesh.services.backing(service))
            if port.target_port == number or any(number in found for found in named):
                return port.port
    return None


def unserved_ports(mesh: Mesh) -> Iterator[tuple[PolicyValue, Workload]]:
    """Ports in policies for workloads with sidecars that these neither declare nor are reached at.

    A container need not declare its ports, so it counts only where all containers declare some.
    """
    for policy, workloads in before_sidecars(mesh, policies_saying(mesh, _PORTS.__contains__)):
        if not all(_declares_ports(one) for one in workloads):
            continue
        known = UNCAPTURED.union(*(_known_ports(mesh, one) for one in workloads))
        for found, number in port_values(mesh, policy):
            if number not in known:
                yield found, workloads[0]


def _declares_ports(workload: Workload) -> bool:
    return all(container.ports for container in workload.pod.containers)


def _known_ports(mesh: Mesh, workload: Workload) -> frozenset[int]:
    annotations = workload.pod.annotations
    scraped = (port_number(annotations.get(key)) for key in _SCRAPED)
    targets = frozenset(target for found in service_ports(mesh, workload).values() for target in found)
    probed = frozenset(
        number
        for container in workload.pod.containers
        for kind in ("livenessProbe", "readinessProbe", "startupProbe")
        for action in ("httpGet", "tcpSocket", "grpc")
        if (number := (container.field / kind / action).integer("port")) is not None
    )
    own = frozenset(number for number in scraped if number is not None)
    # Ports of the Services themselves are another mistake, which has its own rule.
    return served_ports(mesh, workload) | frozenset(service_ports(mesh, workload)) | targets | probed | own
