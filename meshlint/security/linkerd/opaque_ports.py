"""What clients and servers take a Service's port to speak: the two decide apart (Linkerd: opaque ports)."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.documents import Text
from meshlint.mesh import Mesh
from meshlint.mesh.hosts.services import target_ports
from meshlint.mesh.remembered import remembered
from meshlint.resources.kubernetes.service import Service, ServicePort
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.linkerd.authorization.protocols import Protocol, default_protocol
from meshlint.security.linkerd.ports import port_list
from meshlint.security.linkerd.servers import servers_on
from meshlint.security.membership.annotations import OPAQUE, inherited
from meshlint.security.membership.linkerd import linkerd_proxy
from meshlint.values import frozen

HTTP_PROTOCOLS = frozenset({"http", "kubernetes.io/h2c"})
OPAQUE_PROTOCOLS = frozenset({"linkerd.io/opaque", "linkerd.io/tcp"})


@frozen(eq=False)
class PortInUse:
    """A Service's port and the port of a meshed workload that it leads to."""

    service: Service
    port: ServicePort
    workload: Workload
    target: int


@remembered
def ports_in_use(mesh: Mesh) -> tuple[PortInUse, ...]:
    """The TCP ports of Services that lead to declared ports of meshed pods."""
    return tuple(_ports_in_use(mesh))


def _ports_in_use(mesh: Mesh) -> Iterator[PortInUse]:
    for service in mesh.services.all:
        for workload in mesh.services.backing(service):
            if not linkerd_proxy(mesh, workload).is_present:
                continue
            declared = {one.container_port for one in workload.pod.ports() if one.container_port}
            for port in service.ports:
                for target in (
                    sorted(target_ports(port, workload) & declared) if port.protocol == "TCP" else ()
                ):
                    yield PortInUse(service, port, workload, target)


def client_says_opaque(mesh: Mesh, use: PortInUse) -> bool:
    """Whether clients of the Service take the port for opaque.

    The Service's own list replaces its namespace's, and that the control plane's, which counts by the port
    of the pod. `appProtocol` outweighs them all: only two of its values are HTTP.
    """
    protocol = use.port.app_protocol
    if protocol:
        return protocol.lower() not in HTTP_PROTOCOLS
    written = service_list(mesh, use.service)
    if written is not None:
        return port_list(written).ports.admits(use.port.port or 0)
    return port_list(mesh.settings.linkerd.opaque_ports).ports.admits(use.target)


def server_says_opaque(mesh: Mesh, use: PortInUse) -> bool:
    """Whether the proxy of the pods takes the port for opaque, as far as annotations decide."""
    return default_protocol(mesh, use.workload, use.target) is Protocol.OPAQUE


def is_left_to_annotations(mesh: Mesh, use: PortInUse) -> bool:
    """Whether annotations alone decide: no Server, no `appProtocol`, and no unreadable list."""
    if use.port.app_protocol or servers_on(mesh, use.workload, use.target):
        return False
    lists = (service_list(mesh, use.service), inherited(mesh, use.workload, OPAQUE))
    return not any(port_list(one).unreadable for one in lists if one is not None)


def service_list(mesh: Mesh, service: Service) -> Text | None:
    """The list of opaque ports that a Service has, its own or its namespace's."""
    own = service.annotations.get(OPAQUE)
    return own if own is not None else (mesh.namespaces.annotations(service.namespace) or {}).get(OPAQUE)
