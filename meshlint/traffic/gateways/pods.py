"""The pods behind Istio Gateways, their Services and their Secrets."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import combinations

from attrs import frozen

from meshlint.documents import Text
from meshlint.matching import LabelSelector
from meshlint.mesh import Mesh
from meshlint.mesh.hosts.protocols import Protocol, declared_protocol
from meshlint.mesh.namespaces.placement import belong_together
from meshlint.mesh.questions.scalers import scalers
from meshlint.mesh.routing.gateways import server_host
from meshlint.mesh.workloads.gateways import is_gateway
from meshlint.resources.istio.gateway import Gateway, Server
from meshlint.resources.kubernetes.service import Service
from meshlint.resources.kubernetes.workload import Workload
from meshlint.resources.resource import Resource

_ALMOST = 0.93
_MAKERS = frozenset(
    {
        "Certificate",
        "ClusterExternalSecret",
        "ExternalSecret",
        "OnePasswordItem",
        "SealedSecret",
        "SecretProviderClass",
        "VaultDynamicSecret",
        "VaultPKISecret",
        "VaultStaticSecret",
    }
)
"""Kinds whose controllers make Secrets of a name that is written in them."""
_INSTALLED = frozenset(
    {"ingressgateway", "egressgateway", "eastwestgateway", "ingress", "egress", "ingress-gateway"}
)


@frozen(eq=False, repr=False)
class ClosedPort:
    """A server whose port none of the Services before its pods has."""

    gateway: Gateway
    server: Server
    services: tuple[Service, ...]


@frozen(eq=False, repr=False)
class Clash:
    """Two servers of the same pods on one port. `host` is common to both; None if their protocols exclude.

    Of two that encrypt, or whose protocols exclude each other, only one is served; plain HTTP is merged.
    """

    gateway: Gateway
    server: Server
    other: Gateway
    other_server: Server
    host: Text | None
    is_merged: bool


def unselected(mesh: Mesh) -> Iterator[Gateway]:
    """The Gateways whose selector surely picks no pod.

    Gateways are mostly installed from elsewhere, so this speaks of closed worlds, and of selectors whose key
    pods beside it have with another value, or whose value is nearly that of an installed gateway.
    """
    for gateway in mesh.gateways.all:
        labels = dict(gateway.selector.labels) if gateway.selector is not None else {}
        if not labels or mesh.gateways.pods(gateway):
            continue
        stock = any(value in _INSTALLED for value in labels.values())
        odd = "istio" in labels and not stock and _is_slip(labels["istio"])
        if mesh.settings.complete or odd or (not stock and _key_in_use(mesh, gateway, labels)):
            yield gateway


def _is_slip(value: str) -> bool:
    """Whether a label is that of an installed gateway but for a letter."""
    return any(SequenceMatcher(None, value, name).ratio() > _ALMOST for name in _INSTALLED)


def _key_in_use(mesh: Mesh, gateway: Gateway, labels: dict[str, Text]) -> bool:
    beside = mesh.workloads.in_namespace(gateway.resource.namespace)
    return bool(beside) and any(set(labels) <= set(workload.pod.labels) for workload in beside)


def closed_ports(mesh: Mesh) -> Iterator[ClosedPort]:
    """The servers on ports that the Services of their pods do not open (Istio: port of a Gateway server)."""
    for gateway in mesh.gateways.all:
        pods = mesh.gateways.pods(gateway)
        services = tuple(dict.fromkeys(service for pod in pods for service in mesh.services.of(pod)))
        if not services or any(pod.pod.host_network for pod in pods):
            continue
        opened: set[int | str] = set()
        for service in services:
            for port in service.ports:
                opened.update(number for number in (port.port, port.target_port) if number is not None)
        for server in gateway.servers:
            number = server.port.number
            if number is not None and number not in opened and not server.bind:
                yield ClosedPort(gateway, server, services)


def clashes(mesh: Mesh) -> Iterator[Clash]:
    """Pairs of servers on one port of the same pods with the same host, or with protocols that exclude.

    Plain HTTP servers for one host are one listener with all routes, so only TLS servers and protocols
    clash (Istio: merging of Gateways).
    """
    by_port: dict[tuple[int, str], list[tuple[Gateway, Server]]] = {}
    for gateway in mesh.gateways.all:
        for server in gateway.servers:
            if server.port.number is not None:
                by_port.setdefault((server.port.number, server.bind or ""), []).append((gateway, server))
    for found in by_port.values():
        for (one, server), (other, other_server) in combinations(found, 2):
            if _share_pods(mesh, one, other):
                clash = _clash(server, other_server, one, other)
                if clash is not None:
                    yield clash


def _share_pods(mesh: Mesh, one: Gateway, other: Gateway) -> bool:
    if one.resource.id == other.resource.id:
        return one is other
    if not belong_together(one.resource, other.resource):
        return False
    if len(mesh.gateways.alternatives(one)) > 1 or len(mesh.gateways.alternatives(other)) > 1:
        return False
    mine, theirs = _labels(one), _labels(other)
    if mine == theirs:
        return True
    common = {id(pod) for pod in mesh.gateways.pods(one)} & {id(pod) for pod in mesh.gateways.pods(other)}
    return bool(common)


def _labels(gateway: Gateway) -> LabelSelector:
    return LabelSelector.of(gateway.selector.labels if gateway.selector is not None else {})


def _clash(server: Server, other: Server, one: Gateway, two: Gateway) -> Clash | None:
    protocols = declared_protocol(server.port.protocol), declared_protocol(other.port.protocol)
    if Protocol.UNKNOWN in protocols:
        return None
    if len({_layer(protocol) for protocol in protocols}) > 1:
        return Clash(one, server, two, other, None, is_merged=False)
    host = _common_host(server, other, one, two)
    return None if host is None else Clash(one, server, two, other, host, is_merged=protocols[0].is_http)


def _layer(protocol: Protocol) -> str:
    return "http" if protocol.is_http else "tls" if protocol.is_tls else "tcp"


def _common_host(server: Server, other: Server, one: Gateway, two: Gateway) -> Text | None:
    theirs = [server_host(text, two.resource.namespace) for text in other.hosts]
    for text in server.hosts:
        mine = server_host(text, one.resource.namespace)
        if any(mine.host == entry.host and _meet(mine.namespace, entry.namespace) for entry in theirs):
            return text
    return None


def _meet(one: str | None, other: str | None) -> bool:
    return one is None or other is None or one == other


def shared_certificates(mesh: Mesh) -> Iterator[tuple[Gateway, Server, Resource]]:
    """Servers that the same pods serve with one certificate, each with the other's Gateway."""
    users: dict[str, list[tuple[Gateway, Server]]] = {}
    for gateway in mesh.gateways.all:
        for server in gateway.servers:
            tls = server.tls
            name = None if tls is None else tls.credential_name or tls.server_certificate
            if name:
                users.setdefault(str(name), []).append((gateway, server))
    for found in users.values():
        for (one, server), (other, other_server) in combinations(found, 2):
            if one is not other and _nested(one, other):
                yield one, server, other.resource
                yield other, other_server, one.resource


def _nested(one: Gateway, other: Gateway) -> bool:
    mine, theirs = _labels(one), _labels(other)
    return one.resource.id != other.resource.id and (mine.is_subset(theirs) or theirs.is_subset(mine))


def incomplete_secrets(mesh: Mesh) -> Iterator[tuple[Gateway, Server, Resource]]:
    """Servers whose Secret is in view and lacks a certificate or its key."""
    for gateway, server, name in _credentials(mesh):
        found = [one for one in mesh.resources.of("", "Secret") if one.name == name]
        places = {pod.namespace for pod in mesh.gateways.pods(gateway)}
        here = [one for one in found if not places or one.namespace in places]
        if here and not any(_has_pair(one) for one in here):
            yield gateway, server, here[0]


def secrets_without_ca(mesh: Mesh) -> Iterator[tuple[Gateway, Server, Resource]]:
    """Servers of mode MUTUAL whose Secret is in view, complete but for the CA that clients are checked by.

    The CA stands in the same Secret, or in one of that name with `-cacert` (Istio: credentialName).
    """
    for gateway, server, name in _credentials(mesh):
        tls = server.tls
        if tls is None or tls.mode != "MUTUAL" or tls.ca_cert_credential_name or tls.ca_certificates:
            continue
        places = {pod.namespace for pod in mesh.gateways.pods(gateway)}
        secrets = [one for one in mesh.resources.of("", "Secret") if one.namespace in places]
        here = [one for one in secrets if one.name == name]
        beside = any(one.name == f"{name}-cacert" for one in secrets)
        if here and not beside and all(_keys(one) and _has_pair(one) and not _has_ca(one) for one in here):
            yield gateway, server, here[0]


def _has_ca(secret: Resource) -> bool:
    return not {"ca.crt", "cacert"}.isdisjoint(_keys(secret))


def misplaced_secrets(
    mesh: Mesh,
) -> Iterator[tuple[Gateway, Server, tuple[str, ...], tuple[Resource, ...]]]:
    """Servers whose Secret is in view, but in none of the namespaces of the pods in view.

    Where the files are complete, a Secret that is nowhere and that nobody makes is missing, too.
    """
    for gateway, server, name in _credentials(mesh):
        places = tuple(sorted({pod.namespace for pod in mesh.gateways.pods(gateway)}))
        found = tuple(one for one in mesh.resources.of("", "Secret") if one.name == name)
        # What names no namespace may be applied anywhere.
        if any(one.namespace in places or not one.names_namespace for one in found):
            continue
        if places and (found or (mesh.settings.complete and not _may_be_made(mesh, name))):
            yield gateway, server, places, found


def _may_be_made(mesh: Mesh, name: str) -> bool:
    """Whether an object that stands for a Secret, such as cert-manager's Certificate, names it."""
    return any(_holds(one.field.value, name) for one in mesh.resources.resources if one.kind in _MAKERS)


def _holds(value: object, name: str) -> bool:
    if isinstance(value, dict):
        return any(_holds(inner, name) for inner in value.values())
    return any(_holds(inner, name) for inner in value) if isinstance(value, list) else value == name


def _credentials(mesh: Mesh) -> Iterator[tuple[Gateway, Server, str]]:
    for gateway in mesh.gateways.all:
        for server in gateway.servers:
            if server.tls is not None and server.tls.credential_name:
                yield gateway, server, str(server.tls.credential_name)


def _has_pair(secret: Resource) -> bool:
    if not any(_contents(secret)):
        # An empty Secret is filled at run time.
        return True
    keys = _keys(secret)
    return {"tls.crt", "tls.key"} <= keys or {"cert", "key"} <= keys


def _keys(secret: Resource) -> frozenset[str]:
    """The keys of a Secret that hold what may be a certificate, a key or a list of them."""
    return frozenset(key for key, content in _contents(secret) if not _is_no_pem(content))


def _contents(secret: Resource) -> Iterator[tuple[str, object]]:
    """The keys of a Secret that hold something, with what they hold."""
    for part in ("data", "stringData"):
        value = secret.at(part).value
        if isinstance(value, dict):
            yield from ((str(key), content) for key, content in value.items() if content)


def _is_no_pem(content: object) -> bool:
    """Whether a value of `data` is plain text without the mark of a certificate, a key or a list of them.

    What is encrypted, or filled in later, is not in base64.
    """
    from base64 import b64decode

    try:
        return "-----BEGIN " not in b64decode(str(content), validate=True).decode("ascii")
    except ValueError:
        return False


def lone_gateways(mesh: Mesh) -> Iterator[Workload]:
    """Gateways that are written to have one pod, and that nothing scales."""
    scaling = scalers(mesh)
    for workload in mesh.workloads.all:
        scaled = (workload.namespace, workload.kind, workload.name) in scaling
        if workload.replicas == 1 and not scaled and is_gateway(workload):
            yield workload
