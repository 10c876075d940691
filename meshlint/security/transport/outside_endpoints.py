"""Endpoints that clients take for the outside of the mesh, so that they send them plaintext."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.documents import Field
from meshlint.mesh import Mesh, MtlsMode
from meshlint.mesh.hosts.services import target_ports
from meshlint.mesh.names.expansion import service_name
from meshlint.mesh.policies.peer_authentications import mode_of
from meshlint.mesh.questions.machines import is_served_inside, machines
from meshlint.resources.istio.parts import Port
from meshlint.resources.istio.peer_authentication import PeerAuthentication
from meshlint.resources.istio.service_entry import ServiceEntry
from meshlint.resources.istio.workload_entry import WorkloadEntry
from meshlint.resources.kubernetes.service import Service
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.membership.istio import istio_sidecar
from meshlint.security.transport.calls import TLS_MODE
from meshlint.security.transport.servers import workload_mtls
from meshlint.values import frozen


@frozen(eq=False, repr=False)
class OutsideCall:
    """A workload of the mesh that an entry for the outside leads to, at a container port; `at` says so."""

    at: Field
    workload: Workload
    port: int


def refused_calls(mesh: Mesh, entry: ServiceEntry) -> Iterator[OutsideCall]:
    """The workloads behind an entry for the outside of the mesh whose sidecars refuse its plaintext.

    Clients choose no mTLS for it by themselves, wherever it leads (Istio: client mode).
    """
    if not entry.is_external or _says_tls(mesh, entry):
        return
    for call in (*_selected(mesh, entry), *_addressed(mesh, entry)):
        refuses = workload_mtls(mesh, call.workload, call.port).accepts_plaintext is False
        if refuses and istio_sidecar(mesh, call.workload).is_present:
            yield call


def plaintext_machines(mesh: Mesh) -> Iterator[tuple[WorkloadEntry, PeerAuthentication]]:
    """Machines without account or label, so that clients send plaintext, and what demands mTLS of them.

    Only a policy that selects the machine shows that a proxy stands before it (Istio: mTLS to WorkloadEntry).
    """
    for machine in machines(mesh):
        if machine.service_account or TLS_MODE in machine.labels:
            continue
        selecting = mesh.peer_authentications.selecting(machine.resource.namespace, machine.labels)
        demanding = next(filter(_demands, selecting), None)
        if demanding is not None and is_served_inside(mesh, machine):
            yield machine, demanding


def _demands(policy: PeerAuthentication) -> bool:
    return mode_of(policy.mode) is MtlsMode.STRICT and not policy.port_level_mtls


def _says_tls(mesh: Mesh, entry: ServiceEntry) -> bool:
    """Whether a DestinationRule for a host of the entry says itself what clients send."""
    rules = (rule for host in entry.hosts for rule in mesh.destination_rules.naming(host.lower()))
    policies = (rule.traffic_policy for rule in rules)
    return any(one is not None and (one.tls or one.port_level_settings) for one in policies)


def _selected(mesh: Mesh, entry: ServiceEntry) -> Iterator[OutsideCall]:
    labels = entry.workload_selector.labels if entry.workload_selector is not None else {}
    for workload in mesh.workloads.labelled(entry.namespace, labels) if labels else ():
        for port in entry.ports:
            number = port.target_port or port.number
            if number is not None:
                yield OutsideCall(entry.field / "location", workload, number)


def _addressed(mesh: Mesh, entry: ServiceEntry) -> Iterator[OutsideCall]:
    """The workloads behind Services that endpoints give as their address."""
    for endpoint in entry.endpoints:
        name = service_name((endpoint.address or "").lower(), mesh.settings.cluster_domain)
        service = None if name is None else mesh.services.get(name)
        if service is not None:
            yield from _behind(mesh, entry, endpoint, service)


def _behind(
    mesh: Mesh, entry: ServiceEntry, endpoint: WorkloadEntry, service: Service
) -> Iterator[OutsideCall]:
    for port in entry.ports:
        leads = service.port(_number(endpoint, port))
        if leads is None:
            continue
        for workload in mesh.services.backing(service):
            for target in sorted(target_ports(leads, workload)):
                yield OutsideCall(endpoint.field / "address", workload, target)


def _number(endpoint: WorkloadEntry, port: Port) -> int:
    return endpoint.ports.get(port.name or "") or port.target_port or port.number or 0
