"""Workloads that callers from outside of the cluster reach without passing a gateway."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.mesh import Mesh
from meshlint.mesh.hosts.services import target_ports
from meshlint.mesh.namespaces.placement import belong_together
from meshlint.resources.kubernetes.service import Service
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.access.istio.workloads import guards
from meshlint.security.istio import Request
from meshlint.security.policies.gaps.open_rules import left_open
from meshlint.security.policies.scope import has_sidecar
from meshlint.security.transport.servers import workload_mtls

_OUTSIDE = ("LoadBalancer", "NodePort")


def exposed(mesh: Mesh) -> Iterator[tuple[Service, Workload, int]]:
    """Services for the outside that lead to a sidecar, with a port that takes plaintext from anyone there.

    Whoever is outside has no identity; a port that demands mTLS, or a policy, keeps them out (Istio: mutual
    TLS at the server).
    """
    for service in mesh.services.all:
        if service.type in _OUTSIDE or service.external_ips:
            found = next(_open_ports(mesh, service), None)
            if found is not None:
                yield service, *found


def _open_ports(mesh: Mesh, service: Service) -> Iterator[tuple[Workload, int]]:
    for workload in mesh.services.backing(service):
        if not has_sidecar(mesh, workload) or not belong_together(service.resource, workload.resource):
            continue
        for port in sorted(one for entry in service.ports for one in target_ports(entry, workload)):
            mtls = workload_mtls(mesh, workload, port)
            request = Request(destination_port=port, left_open=left_open("identity", "destination_port"))
            is_denied = any(guard.decide(request).is_denied for guard in guards(mesh, workload, port))
            if mtls.accepts_plaintext and not mtls.is_default and not is_denied:
                yield workload, port
