"""How the requests of one hop travel to each workload behind it."""

from __future__ import annotations

from attrs import frozen

from meshlint.mesh import Mesh
from meshlint.mesh.hosts.services import target_ports
from meshlint.mesh.names.expansion import service_name
from meshlint.resources.kubernetes.service import Service
from meshlint.resources.kubernetes.workload import Workload
from meshlint.resources.resource import Resource
from meshlint.security.membership.istio import istio_ambient, istio_sidecar
from meshlint.security.membership.linkerd import linkerd_proxy
from meshlint.security.membership.presence import Membership
from meshlint.security.transport.calls import Hop as Transported
from meshlint.security.transport.calls import Transport, Way, hop_from_proxy
from meshlint.security.transport.calls import hop as hop_of
from meshlint.security.transport.clients import MESH, PLAINTEXT
from meshlint.traffic.ways.way import Hop

_AUTO = "auto"


@frozen(eq=False, repr=False)
class Encryption:
    """How requests travel, why, and the objects that decide it."""

    transport: Transport
    reason: str
    deciding: tuple[Resource, ...] = ()


def istio_encryption(mesh: Mesh, hop: Hop, server: Workload, *, sure: bool = True) -> Encryption:
    """How requests of a proxy of Istio travel to one of the workloads behind a hop.

    With `sure` false, the client is in the mesh although no file asks for its proxy, and so may the server.
    """
    if not sure and _may_yet_join(istio_sidecar(mesh, server)) and istio_ambient(mesh, server).is_absent:
        return _UNASKED
    mode = None if hop.policy.tls_mode == _AUTO else hop.policy.tls_mode
    service = _service(mesh, hop)
    way = None if service is None or hop.port is None else Way(service, hop.port)
    ports = container_ports(mesh, hop, server)
    return _worst([hop_from_proxy(mesh, mode, way, server, port) for port in ports])


def plain_encryption(mesh: Mesh, client: Workload | None, hop: Hop, server: Workload) -> Encryption:
    """How requests of a workload without a sidecar travel: through ztunnel, or through nothing."""
    return _worst([hop_of(mesh, client, server, port) for port in container_ports(mesh, hop, server)])


def linkerd_encryption(mesh: Mesh, server: Workload, *, sure: bool = True) -> Encryption:
    """How requests of a proxy of Linkerd travel: over mutual TLS wherever the server has a proxy as well."""
    if not sure and _may_yet_join(linkerd_proxy(mesh, server)):
        return _UNASKED
    membership = linkerd_proxy(mesh, server)
    if membership.is_present:
        return Encryption(Transport.MUTUAL_TLS, "both sides have Linkerd's proxy")
    if membership.is_absent:
        return Encryption(Transport.PLAINTEXT, "the server has no proxy of Linkerd")
    return Encryption(Transport.DEPENDS, "whether the server has a proxy is not in the files")


def outside_encryption(hop: Hop) -> Encryption:
    """How requests travel to a host none of whose workloads are in the files."""
    mode = hop.policy.tls_mode
    if mode == _AUTO:
        return Encryption(Transport.DEPENDS, "the pods behind it are not in the files")
    if mode == PLAINTEXT:
        return Encryption(Transport.PLAINTEXT, "a DestinationRule turns TLS off")
    if mode == MESH:
        return Encryption(Transport.MUTUAL_TLS, "a DestinationRule asks for the mesh's mTLS")
    return Encryption(Transport.ONE_WAY_TLS, f"a DestinationRule asks for TLS of mode {mode}")


def container_ports(mesh: Mesh, hop: Hop, server: Workload) -> tuple[int, ...]:
    """The container ports of a workload that a hop leads to; the hop's own where files do not tell."""
    service, number = _service(mesh, hop), hop.port or 0
    port = None if service is None else service.port(number)
    found = sorted(target_ports(port, server)) if port is not None else []
    return tuple(found) or (number,)


_UNASKED = Encryption(Transport.DEPENDS, "nothing in the files asks for a proxy of the server")


def _may_yet_join(membership: Membership) -> bool:
    return membership.is_absent and not membership.is_kept_out


def _service(mesh: Mesh, hop: Hop) -> Service | None:
    named = service_name(hop.host, mesh.settings.cluster_domain)
    return None if named is None else mesh.services.get(named)


def _worst(found: list[Transported]) -> Encryption:
    """What to say of several container ports: the first one that differs from mutual TLS, if any does."""
    chosen = next((one for one in found if one.transport is not Transport.MUTUAL_TLS), found[0])
    return Encryption(chosen.transport, chosen.reason, chosen.deciding)
