"""What a DestinationRule makes the clients of a host speak."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from meshlint.matching import host_covers, is_wildcard
from meshlint.mesh import Found, Mesh
from meshlint.mesh.hosts.protocols import HostPort, host_ports
from meshlint.mesh.hosts.services import target_ports
from meshlint.mesh.namespaces.placement import are_neighbours
from meshlint.mesh.questions.led_to import leading_to
from meshlint.mesh.remembered import remembered
from meshlint.resources import Resource
from meshlint.resources.istio.destination_rule import DestinationRule
from meshlint.resources.istio.traffic_policy import ClientTls, TrafficPolicy
from meshlint.resources.kubernetes.service import Service
from meshlint.resources.kubernetes.workload import Workload
from meshlint.resources.view_class import view
from meshlint.security.membership.istio import istio_sidecar
from meshlint.security.transport.servers import workload_mtls
from meshlint.values import frozen

_TLS_OF_ITS_OWN = ("SIMPLE", "MUTUAL")
PLAINTEXT = "DISABLE"
ONE_WAY = "SIMPLE"
OWN_CERTIFICATES = "MUTUAL"
MESH = "ISTIO_MUTUAL"


@view
class TlsSetting:
    """A `tls` block of a DestinationRule; `port` is the service port it is limited to, if any."""

    tls: ClientTls
    port: int | None
    subset_labels: Mapping[str, str]


def tls_settings(rule: DestinationRule) -> Iterator[TlsSetting]:
    """Every `tls` block of `rule`: of the host, of its ports and of its subsets."""
    if rule.traffic_policy is not None:
        yield from _of_policy(rule.traffic_policy, {})
    for subset in rule.subsets:
        if subset.traffic_policy is not None:
            yield from _of_policy(subset.traffic_policy, subset.labels)


@remembered
def _by_mode(mesh: Mesh) -> Mapping[str, Sequence[tuple[DestinationRule, TlsSetting]]]:
    found: dict[str, list[tuple[DestinationRule, TlsSetting]]] = {}
    for rule in mesh.destination_rules.all:
        for setting in tls_settings(rule):
            found.setdefault(setting.tls.mode, []).append((rule, setting))
    return found


def settings_of(mesh: Mesh, *modes: str) -> Iterator[tuple[DestinationRule, TlsSetting]]:
    """Every `tls` block in view with one of `modes`: of most modes there are few."""
    return (one for mode in modes for one in _by_mode(mesh).get(mode, ()))


def all_settings(mesh: Mesh) -> Iterator[tuple[DestinationRule, TlsSetting]]:
    """Every `tls` block in view."""
    return settings_of(mesh, *_by_mode(mesh))


def _of_policy(policy: TrafficPolicy, labels: Mapping[str, str]) -> Iterator[TlsSetting]:
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


@frozen(eq=False, repr=False)
class Reached:
    """A `tls` block of a DestinationRule, and the workloads in the files that clients reach with it."""

    rule: DestinationRule
    setting: TlsSetting
    servers: tuple[Server, ...]


@remembered
def reached_servers(mesh: Mesh, *modes: str) -> tuple[Reached, ...]:
    """Every `tls` block in view with one of `modes` and where it leads."""
    return tuple(
        Reached(rule, setting, servers(mesh, rule, setting)) for rule, setting in settings_of(mesh, *modes)
    )


def servers(mesh: Mesh, rule: DestinationRule, setting: TlsSetting) -> tuple[Server, ...]:
    """The workloads in the files that clients reach with `setting`: none for a port that is not there."""
    labels = setting.subset_labels.items()
    return tuple(
        server
        for service in services(mesh, rule)
        for server in _behind(mesh, service, setting.port)
        if not labels or labels <= server.workload.pod.labels.items()
    )


@remembered
def _behind(mesh: Mesh, service: Service, port: int | None) -> tuple[Server, ...]:
    """What clients reach by a port of a Service, or by all of them."""
    if not _has_port(service, port):
        return ()
    return tuple(Server(one, _ports(service, one, port)) for one in mesh.services.backing(service))


@remembered
def refuses_plaintext(mesh: Mesh, server: Server) -> bool:
    """Whether a sidecar surely refuses plaintext; ztunnel takes care of its clients by itself."""
    if not istio_sidecar(mesh, server.workload).is_present:
        return False
    ports = server.ports or {None}
    return all(workload_mtls(mesh, server.workload, port).accepts_plaintext is False for port in ports)


def _has_port(service: Service, number: int | None) -> bool:
    numbers = [port.port for port in service.ports]
    return number is None or not numbers or None in numbers or number in numbers


@remembered
def services(mesh: Mesh, rule: DestinationRule) -> tuple[Service, ...]:
    """The Services in the files that `rule` is for: the one that it names, or all that its wildcard covers.

    Of the latter those that another rule configures are left out, as it counts alone (Istio:
    DestinationRule lookup).
    """
    host = mesh.destination_rules.host(rule)
    if not is_wildcard(host):
        found = mesh.hosts.resolve(rule.host or "", rule.resource.namespace)
        service = found.target.service if isinstance(found, Found) else None
        return () if service is None else (service,)
    is_beside = bool(mesh.workloads.in_namespace(rule.resource.namespace))
    covered = _covered_beside(mesh, host, rule.resource)
    return tuple(service for service, name in covered if _is_configured(mesh, service, name, rule, is_beside))


def _covered_beside(mesh: Mesh, pattern: str, resource: Resource) -> list[tuple[Service, str]]:
    """The Services that a wildcard covers and that belong together with the object that it stands in."""
    every, file = _covered(mesh, pattern), resource.document.file
    found = [
        place
        for (is_placed, directory), places in _places_of(mesh, pattern).items()
        if (is_placed and resource.names_namespace) or are_neighbours(file, directory)
        for place in places
    ]
    return [every[place] for place in sorted(found)]


@remembered
def _places_of(mesh: Mesh, pattern: str) -> Mapping[tuple[bool, str], list[int]]:
    """The places in `_covered` of the Services that name their namespace, or don't, by the directories that
    they are written in.
    """
    found: dict[tuple[bool, str], list[int]] = {}
    for place, (service, _) in enumerate(_covered(mesh, pattern)):
        file = service.resource.document.file
        key = service.resource.names_namespace, file[: file.rfind("/") + 1]
        found.setdefault(key, []).append(place)
    return found


@remembered
def _covered(mesh: Mesh, pattern: str) -> tuple[tuple[Service, str], ...]:
    """The Services that a wildcard covers, with their full names."""
    return tuple(one for one in _named(mesh) if host_covers(pattern, one[1]))


@remembered
def _named(mesh: Mesh) -> tuple[tuple[Service, str], ...]:
    """The Services that stand for no other host, with their full names."""
    domain, hosts = mesh.settings.cluster_domain, mesh.hosts
    return tuple(
        (one, hosts.service_name(one).host(domain)) for one in mesh.services.all if not one.is_external_name
    )


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


def _ports(service: Service, workload: Workload, number: int | None) -> frozenset[int]:
    chosen = [port for port in service.ports if number is None or port.port == number]
    return frozenset(target for port in chosen for target in target_ports(port, workload))


def called_ports(mesh: Mesh, rule: DestinationRule, setting: TlsSetting) -> tuple[HostPort, ...]:
    """The ports in the files that clients call with `setting`; none where the host is not in view."""
    found = mesh.hosts.resolve(rule.host or "", rule.resource.namespace)
    ports = host_ports(found.target) if isinstance(found, Found) else ()
    return tuple(port for port in ports if setting.port in (None, port.number))


def is_for_absent_port(mesh: Mesh, rule: DestinationRule, setting: TlsSetting) -> bool:
    """Whether a setting is for a port that its host surely does not have, so that nobody goes by it."""
    found = mesh.hosts.resolve(rule.host or "", rule.resource.namespace)
    ports = host_ports(found.target) if isinstance(found, Found) else ()
    return bool(ports) and not called_ports(mesh, rule, setting)


def takes_any_name(mesh: Mesh, rule: DestinationRule, setting: TlsSetting) -> bool:
    """Whether clients take a certificate for any name, as long as the CA signed it.

    Without names to expect, that of each request is expected, unless a server name is set; where neither the
    port nor a route brings requests, there is none. A ServiceEntry's names count too (Istio: SNI and SAN
    validation of upstream TLS).
    """
    tls = setting.tls
    if tls.mode not in _TLS_OF_ITS_OWN or tls.subject_alt_names or tls.insecure_skip_verify:
        return False
    found = mesh.hosts.resolve(rule.host or "", rule.resource.namespace)
    if not isinstance(found, Found) or any(entry.subject_alt_names for entry in found.target.entries):
        return False
    if tls.sni:
        return True
    ports = called_ports(mesh, rule, setting)
    silent = bool(ports) and not any(port.protocol.may_be_http for port in ports)
    return silent and not is_routed_to(mesh, mesh.destination_rules.host(rule))


def is_routed_to(mesh: Mesh, host: str) -> bool:
    """Whether a route of Istio or of the Gateway API sends requests to `host`, a full name."""
    return bool(leading_to(mesh, host)) or host in _backends(mesh)


@remembered
def _backends(mesh: Mesh) -> frozenset[str]:
    """What routes of the Gateway API name."""
    refs = (ref.name for route in mesh.routes for rule in route.rules for ref in rule.backend_refs)
    return frozenset(name.lower() for name in refs if name is not None)
