"""How the requests of one hop travel to each workload behind it."""

from __future__ import annotations

from meshlint.mesh import Mesh, MtlsMode
from meshlint.mesh.hosts.services import target_ports
from meshlint.mesh.names.expansion import service_name
from meshlint.mesh.routing.effective_policies import AUTO
from meshlint.resources.istio.workload_entry import WorkloadEntry
from meshlint.resources.kubernetes.service import Service
from meshlint.resources.kubernetes.workload import Workload
from meshlint.resources.resource import Resource
from meshlint.security.membership.istio import istio_ambient, istio_sidecar
from meshlint.security.membership.linkerd import linkerd_proxy
from meshlint.security.membership.presence import Membership
from meshlint.security.transport.calls import TLS_MODE, Transport, Way, hop_from_proxy
from meshlint.security.transport.calls import Hop as Transported
from meshlint.security.transport.calls import hop as hop_of
from meshlint.security.transport.clients import MESH, OWN_CERTIFICATES, PLAINTEXT
from meshlint.security.transport.servers import labelled_mtls, namespace_mtls, workload_mtls
from meshlint.traffic.destinations.entries import entry_port
from meshlint.traffic.ways.way import Hop
from meshlint.values import evolve, frozen


@frozen(eq=False, repr=False)
class Encryption:
    """How requests travel, why, and the objects that decide it; `undecided` is what is left to their age."""

    transport: Transport
    reason: str
    deciding: tuple[Resource, ...] = ()
    undecided: tuple[str, ...] = ()


def istio_encryption(mesh: Mesh, hop: Hop, server: Workload, *, sure: bool = True) -> Encryption:
    """How requests of a proxy of Istio travel to one of the workloads behind a hop.

    With `sure` false, the client is in the mesh although no file asks for its proxy, and so may the server.
    """
    if not sure and _may_yet_join(istio_sidecar(mesh, server)) and istio_ambient(mesh, server).is_absent:
        return _UNASKED
    mode = None if hop.policy.tls_mode == AUTO else hop.policy.tls_mode
    service = _service(mesh, hop)
    way = None if service is None or hop.port is None else Way(service, hop.port)
    ports = container_ports(mesh, hop, server)
    outside = hop.is_outside
    told = _worst([hop_from_proxy(mesh, mode, way, server, port, outside=outside) for port in ports])
    rivals = _contested(mesh, server, ports) if told.transport is Transport.DEPENDS else ""
    if not rivals:
        return told
    guesses = [hop_from_proxy(mesh, mode, way, server, one, outside=outside, guess=True) for one in ports]
    return evolve(_worst(guesses), undecided=(f"the oldest of {rivals} counts",))


def _contested(mesh: Mesh, server: Workload, ports: tuple[int, ...]) -> str:
    """The policies of which files do not tell which decides for a server."""
    found = [namespace_mtls(mesh, server.namespace), *(workload_mtls(mesh, server, one) for one in ports)]
    names = {str(policy) for one in found if len(one.modes) > 1 for policy in one.deciding}
    return " and ".join(sorted(names))


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


def outside_encryption(mesh: Mesh, hop: Hop, *, by_gateway: bool = False) -> Encryption:
    """How requests travel to a host none of whose workloads are in the files.

    Where nothing is written, proxies choose mutual TLS only for what they know as an endpoint inside of the
    mesh. A name that ServiceEntries leave to DNS, or to the client, is none, and behind a headless Service
    without pods sidecars know none (Istio: client mode).
    """
    mode = hop.policy.tls_mode
    if mode == AUTO:
        service = None if hop.known is None else hop.known.service
        if service is not None and service.is_headless and mesh.settings.complete and not by_gateway:
            return Encryption(Transport.PLAINTEXT, "no pod is behind the headless Service")
        if hop.known is None or hop.known.service is not None:
            return Encryption(Transport.DEPENDS, "the pods behind it are not in the files")
        return Encryption(Transport.PLAINTEXT, "the host is no endpoint inside of the mesh")
    if mode == PLAINTEXT:
        return Encryption(Transport.PLAINTEXT, "a DestinationRule turns TLS off")
    if mode == MESH:
        return Encryption(Transport.MUTUAL_TLS, "a DestinationRule asks for the mesh's mTLS")
    if mode == OWN_CERTIFICATES:
        return Encryption(Transport.OWN_TLS, "a DestinationRule gives the client's own certificate")
    return Encryption(Transport.ONE_WAY_TLS, f"a DestinationRule asks for TLS of mode {mode}")


def machine_encryption(mesh: Mesh, hop: Hop, machine: WorkloadEntry) -> Encryption:
    """How requests travel to an endpoint outside of Kubernetes.

    It is known to take mutual TLS by its label or, without one, by its account (Istio: mTLS to
    WorkloadEntry).
    """
    if hop.policy.tls_mode != AUTO or hop.is_outside or not mesh.settings.auto_mtls:
        return outside_encryption(mesh, hop)
    written = machine.labels.get(TLS_MODE)
    takes = written == "istio" if written is not None else bool(machine.service_account)
    port = _machine_port(hop, machine)
    here = labelled_mtls(mesh, machine.resource.namespace, machine.labels, port)
    around = namespace_mtls(mesh, machine.resource.namespace)
    contested = {str(policy) for one in (here, around) if len(one.modes) > 1 for policy in one.deciding}
    undecided = tuple(f"the oldest of {' and '.join(sorted(contested))} counts" for _ in contested)[:1]
    if not takes or MtlsMode.DISABLE in (here.likely, around.likely):
        reason = "the endpoint is not known to take mTLS"
        return Encryption(Transport.PLAINTEXT, reason, undecided=undecided if takes else ())
    return Encryption(Transport.MUTUAL_TLS, "the endpoint is known to take mTLS", undecided=undecided)


def _machine_port(hop: Hop, machine: WorkloadEntry) -> int | None:
    port = None if hop.known is None or hop.port is None else entry_port(hop.known, hop.port)
    if port is None:
        return hop.port
    return machine.ports.get(port.name or "") or port.target_port or port.number


def container_ports(mesh: Mesh, hop: Hop, server: Workload) -> tuple[int, ...]:
    """The container ports of a workload that a hop leads to; the hop's own where files do not tell."""
    service, number = _service(mesh, hop), hop.port or 0
    if service is None and hop.known is not None:
        entry = entry_port(hop.known, number)
        return (entry.target_port or number,) if entry is not None else (number,)
    port = None if service is None else service.port(number)
    found = sorted(target_ports(port, server)) if port is not None else []
    return tuple(found) or (number,)


_UNASKED = Encryption(Transport.DEPENDS, "nothing in the files asks for a proxy of the server")


def _may_yet_join(membership: Membership) -> bool:
    return membership.is_absent and not membership.is_kept_out


def _service(mesh: Mesh, hop: Hop) -> Service | None:
    if hop.known is not None:
        return hop.known.service
    named = service_name(hop.host, mesh.settings.cluster_domain)
    return None if named is None else mesh.services.get(named)


def _worst(found: list[Transported]) -> Encryption:
    """What to say of several container ports: the first one that differs from mutual TLS, if any does."""
    chosen = next((one for one in found if one.transport is not Transport.MUTUAL_TLS), found[0])
    return Encryption(chosen.transport, chosen.reason, chosen.deciding)
