"""Where TLS settings of DestinationRules lead: to the Services of a host, and the workloads behind them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from meshlint.matching import host_covers, is_wildcard
from meshlint.mesh import Found, Mesh
from meshlint.mesh.hosts.services import target_ports
from meshlint.mesh.namespaces.placement import Alike
from meshlint.mesh.remembered import remembered
from meshlint.mesh.workloads.gateways import is_gateway
from meshlint.resources.istio.destination_rule import DestinationRule
from meshlint.resources.kubernetes.service import Service
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.membership.istio import is_meshed, istio_sidecar, kept_out
from meshlint.security.transport.clients import TlsSetting
from meshlint.security.transport.servers import may_refuse_plaintext, workload_mtls
from meshlint.values import frozen


@frozen(eq=False, repr=False)
class Server:
    """A workload that a setting reaches, and the container ports it reaches there."""

    workload: Workload
    ports: frozenset[int]


Behind = Callable[[Mesh, Service, int | None], tuple[Server, ...]]
"""What is asked for of what clients reach by a port of a Service, or by all of them."""


@remembered
def every_server(mesh: Mesh, service: Service, port: int | None) -> tuple[Server, ...]:
    """All that clients reach by a port of a Service: nothing if it is not there."""
    if not _has_port(service, port):
        return ()
    return tuple(Server(one, _ports(service, one, port)) for one in mesh.services.backing(service))


@remembered
def refusing_plaintext(mesh: Mesh, service: Service, port: int | None) -> tuple[Server, ...]:
    """Those whose sidecars surely refuse plaintext; ztunnel takes care of its clients by itself."""
    if not may_refuse_plaintext(mesh, service.namespace):
        return ()
    return tuple(one for one in every_server(mesh, service, port) if _refuses_plaintext(mesh, one))


@remembered
def in_the_mesh(mesh: Mesh, service: Service, port: int | None) -> tuple[Server, ...]:
    """Those that are surely in the mesh, gateways apart."""
    held = every_server(mesh, service, port)
    return tuple(one for one in held if is_meshed(mesh, one.workload) and not is_gateway(one.workload))


@remembered
def left_out(mesh: Mesh, service: Service, port: int | None) -> tuple[Server, ...]:
    """Those that something written keeps out of the mesh."""
    out = kept_out(mesh, service.namespace)
    return tuple(one for one in every_server(mesh, service, port) if one.workload in out) if out else ()


def servers(
    mesh: Mesh, rule: DestinationRule, setting: TlsSetting, behind: Behind = every_server
) -> Iterator[Server]:
    """The workloads in the files that clients reach with `setting`, and that are asked for."""
    labels, port = setting.subset_labels.items(), setting.port
    for service in _leading(mesh, rule, port, behind):
        for server in behind(mesh, service, port):
            if not labels or labels <= server.workload.pod.labels.items():
                yield server


def is_for_services(mesh: Mesh, rule: DestinationRule) -> bool:
    """Whether clients of any Service in the files go by a rule."""
    return next(_leading(mesh, rule, None, None), None) is not None


def _refuses_plaintext(mesh: Mesh, server: Server) -> bool:
    if not istio_sidecar(mesh, server.workload).is_present:
        return False
    ports = server.ports or {None}
    return all(workload_mtls(mesh, server.workload, port).accepts_plaintext is False for port in ports)


def _has_port(service: Service, number: int | None) -> bool:
    numbers = [port.port for port in service.ports]
    return number is None or not numbers or None in numbers or number in numbers


def _ports(service: Service, workload: Workload, number: int | None) -> frozenset[int]:
    chosen = [port for port in service.ports if number is None or port.port == number]
    return frozenset(target for port in chosen for target in target_ports(port, workload))


def _leading(mesh: Mesh, rule: DestinationRule, port: int | None, behind: Behind | None) -> Iterator[Service]:
    """The Services in the files that `rule` is for: the one that it names, or those that its wildcard covers
    and behind whose port is what is asked for.

    Of the latter those that another rule configures are left out, as it counts alone (Istio:
    DestinationRule lookup).
    """
    host = mesh.destination_rules.host(rule)
    if not is_wildcard(host):
        found = mesh.hosts.resolve(rule.host or "", rule.resource.namespace)
        service = found.target.service if isinstance(found, Found) else None
        yield from () if service is None else (service,)
        return
    is_beside = bool(mesh.workloads.in_namespace(rule.resource.namespace))
    for service in _covered(mesh, host).beside(rule.resource):
        is_asked_for = behind is None or behind(mesh, service, port)
        if is_asked_for and _is_configured(mesh, service, _named(mesh)[service], rule, is_beside):
            yield service


@remembered
def _covered(mesh: Mesh, pattern: str) -> Alike[Service]:
    """The Services that a wildcard covers."""
    return Alike(tuple(service for service, name in _named(mesh).items() if host_covers(pattern, name)))


@remembered
def _named(mesh: Mesh) -> Mapping[Service, str]:
    """The full names of the Services that stand for no other host."""
    domain, hosts = mesh.settings.cluster_domain, mesh.hosts
    internal = (one for one in mesh.services.all if not one.is_external_name)
    return {one: hosts.service_name(one).host(domain) for one in internal}


def _is_configured(mesh: Mesh, service: Service, name: str, rule: DestinationRule, is_beside: bool) -> bool:
    """Whether clients in the namespace of a Service of that full name, or in that of the rule if any are
    `is_beside` it, go by a rule for a wildcard.

    Those of other namespaces go by one of the root namespace alone.
    """
    place, own, root = service.namespace, rule.resource.namespace, mesh.settings.root_namespace
    client = place if own == root else own
    if client == root or not (is_beside or own in (root, place)):
        return False
    applied = mesh.destination_rules.for_client(client, name, place)
    return applied is not None and rule in applied.rules
