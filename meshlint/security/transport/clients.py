"""What a DestinationRule makes the clients of a host speak."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from meshlint.mesh import Found, Mesh
from meshlint.mesh.hosts.protocols import HostPort, host_ports
from meshlint.mesh.questions.led_to import leading_to
from meshlint.mesh.remembered import remembered
from meshlint.resources.istio.destination_rule import DestinationRule
from meshlint.resources.istio.traffic_policy import ClientTls, TrafficPolicy
from meshlint.resources.view_class import view

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
