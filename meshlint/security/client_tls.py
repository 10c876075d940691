"""What a DestinationRule makes the clients of a host speak."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from meshlint.mesh import Found, Mesh
from meshlint.mesh.services import target_ports
from meshlint.resources.istio.destination_rule import DestinationRule
from meshlint.resources.istio.traffic_policy import ClientTls, TrafficPolicy
from meshlint.resources.kubernetes.service import Service
from meshlint.resources.kubernetes.workload import Workload

PLAINTEXT = "DISABLE"
ONE_WAY = "SIMPLE"
OWN_CERTIFICATES = "MUTUAL"
MESH = "ISTIO_MUTUAL"


@frozen(eq=False, repr=False)
class TlsSetting:
    """A `tls` block of a DestinationRule; `port` is the service port it is limited to, if any."""

    tls: ClientTls
    port: int | None
    subset_labels: dict[str, str]


def tls_settings(rule: DestinationRule) -> Iterator[TlsSetting]:
    """Every `tls` block of `rule`: of the host, of its ports and of its subsets."""
    if rule.traffic_policy is not None:
        yield from _of_policy(rule.traffic_policy, {})
    for subset in rule.subsets:
        if subset.traffic_policy is not None:
            yield from _of_policy(subset.traffic_policy, dict(subset.labels))


def _of_policy(policy: TrafficPolicy, labels: dict[str, str]) -> Iterator[TlsSetting]:
    if policy.tls is not None:
        yield TlsSetting(policy.tls, None, labels)
    for entry in policy.port_level_settings:
        if entry.tls is not None:
            yield TlsSetting(entry.tls, entry.port, labels)


@frozen(eq=False, repr=False)
class Server:
    """A workload that a setting reaches, and the container ports it reaches there."""

    workload: Workload
    ports: frozenset[int]


def servers(mesh: Mesh, rule: DestinationRule, setting: TlsSetting) -> tuple[Server, ...]:
    """The workloads in the files that clients reach with `setting`."""
    found = mesh.hosts.resolve(rule.host or "", rule.resource.namespace)
    if not isinstance(found, Found) or found.target.service is None:
        return ()
    service = found.target.service
    return tuple(
        Server(workload, _ports(service, workload, setting.port))
        for workload in mesh.services.backing(service)
        if setting.subset_labels.items() <= dict(workload.pod.labels).items()
    )


def _ports(service: Service, workload: Workload, number: int | None) -> frozenset[int]:
    chosen = [port for port in service.ports if number is None or port.port == number]
    return frozenset(target for port in chosen for target in target_ports(port, workload))
