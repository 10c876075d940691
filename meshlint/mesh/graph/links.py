"""Which words in the files name which objects? What an editor follows from a name to what it means."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from meshlint.documents import Field, Text
from meshlint.matching import LabelSelector
from meshlint.mesh.mesh import Mesh
from meshlint.mesh.routing.gateways import gateway_name
from meshlint.resources import Resource
from meshlint.resources.gateway_api.reference import Reference
from meshlint.resources.gateway_api.route import AnyRoute
from meshlint.resources.istio.authorization_policy import AuthorizationPolicy, Rule
from meshlint.resources.istio.destination import Destination
from meshlint.resources.istio.virtual_service import MESH_GATEWAY, VirtualService
from meshlint.values import frozen, regex

_PRINCIPAL = regex(r"[^/*]+/ns/([^/*]+)/sa/([^/*]+)")
_SELECTORS = (
    ("selector", "matchLabels"),
    ("workloadSelector", "labels"),
    ("workloadSelector", "matchLabels"),
    ("podSelector", "matchLabels"),
)


@frozen(eq=False, repr=False)
class Link:
    """A place that names something, and the places where that is written: several where files differ."""

    at: Field
    to: tuple[Field, ...]


def links(mesh: Mesh) -> Iterator[Link]:
    """Every name in the files whose meaning is in the files, too."""
    for virtual_service in mesh.virtual_services:
        yield from _of_virtual_service(mesh, virtual_service)
    for rule in mesh.destination_rules.all:
        if rule.host:
            yield from _link(rule.host, _host(mesh, rule.host, rule.namespace))
    for route in mesh.routes:
        yield from _of_route(mesh, route)
    for policy in mesh.authorization_policies.all:
        yield from _of_policy(mesh, policy)
    yield from _of_linkerd(mesh)
    yield from _of_gateways(mesh)
    yield from _of_pods(mesh)
    for resource in mesh.resources.resources:
        yield from _of_selectors(mesh, resource)


def name_of(resource: Resource) -> Field:
    """The place where an object says its name."""
    return resource.at("metadata", "name")


def _link(at: Text | Field | None, to: Iterable[Field]) -> Iterator[Link]:
    held = tuple(to)
    if at is not None and held:
        yield Link(at.field if isinstance(at, Text) else at, held)


def _named(mesh: Mesh, group: str, kind: str, namespace: str, name: str) -> Iterator[Field]:
    for one in mesh.resources.of(group, kind):
        if one.name == name and one.namespace in ("", namespace):
            yield name_of(one)


def _host(mesh: Mesh, host: str, namespace: str) -> Iterator[Field]:
    known = mesh.hosts.known(mesh.hosts.expand(host, namespace))
    if known is not None and known.service is not None:
        yield name_of(known.service.resource)
    elif known is not None:
        yield from (name_of(entry.resource) for entry in known.entries)


def _of_virtual_service(mesh: Mesh, one: VirtualService) -> Iterator[Link]:
    namespace = one.resource.namespace
    for host in one.hosts:
        yield from _link(host, _host(mesh, host, namespace))
    for gateway in one.gateways:
        if gateway != MESH_GATEWAY:
            found = mesh.gateways.named(gateway_name(gateway, namespace))
            yield from _link(gateway, (name_of(each.resource) for each in found))
    for route in one.routes:
        for entry in route.route:
            yield from _of_destination(mesh, entry.destination, namespace)
    for http in one.http:
        for mirror in http.mirrors:
            yield from _of_destination(mesh, mirror.destination, namespace)
        if http.delegate is not None and http.delegate.name:
            place = http.delegate.namespace or namespace
            to = _named(mesh, "networking.istio.io", "VirtualService", place, http.delegate.name)
            yield from _link(http.delegate.name, to)


def _of_destination(mesh: Mesh, one: Destination, namespace: str) -> Iterator[Link]:
    if not one.host:
        return
    yield from _link(one.host, _host(mesh, one.host, namespace))
    if one.subset:
        rules = mesh.destination_rules.naming(mesh.hosts.expand(one.host, namespace))
        subsets = (subset for rule in rules for subset in rule.subsets)
        yield from _link(one.subset, (each.field / "name" for each in subsets if each.name == one.subset))


def _of_route(mesh: Mesh, route: AnyRoute) -> Iterator[Link]:
    for parent in route.parent_refs:
        yield from _of_reference(mesh, parent)
    for rule in route.rules:
        for backend in rule.backend_refs:
            yield from _of_reference(mesh, backend)


def _of_reference(mesh: Mesh, one: Reference) -> Iterator[Link]:
    if one.name:
        yield from _link(one.name, _named(mesh, one.group, one.kind, one.namespace, one.name))


def _of_policy(mesh: Mesh, policy: AuthorizationPolicy) -> Iterator[Link]:
    namespace = policy.resource.namespace
    for rule in policy.rules or ():
        yield from _of_sources(mesh, rule, namespace)
    for target in policy.target_refs:
        if target.name:
            to = _named(mesh, target.group or "", target.kind or "", namespace, target.name)
            yield from _link(target.name, to)


def _of_sources(mesh: Mesh, rule: Rule, own: str) -> Iterator[Link]:
    for source in rule.from_ or ():
        for principal in (*source.principals, *source.not_principals):
            found = _PRINCIPAL.fullmatch(principal)
            if found is not None:
                yield from _link(principal, _account(mesh, found[1], found[2]))
        for account in (*source.service_accounts, *source.not_service_accounts):
            namespace, _, name = account.rpartition("/")
            yield from _link(account, _account(mesh, namespace or own, name))
        for name in (*source.namespaces, *source.not_namespaces):
            yield from _link(name, _named(mesh, "", "Namespace", "", name))


def _account(mesh: Mesh, namespace: str, name: str) -> tuple[Field, ...]:
    """A ServiceAccount, else the pods that run as one of that name."""
    found = tuple(_named(mesh, "", "ServiceAccount", namespace, name))
    pods = (one for one in mesh.workloads.in_namespace(namespace) if one.pod.service_account_name == name)
    return found or tuple(name_of(one.resource) for one in pods)


def _of_linkerd(mesh: Mesh) -> Iterator[Link]:
    for policy in mesh.linkerd.authorization_policies:
        yield from _of_reference(mesh, policy.target_ref)
        for ref in policy.required_authentication_refs or ():
            yield from _of_reference(mesh, ref)


def _of_gateways(mesh: Mesh) -> Iterator[Link]:
    for gateway in mesh.kubernetes_gateways:
        if gateway.gateway_class_name:
            name = gateway.gateway_class_name
            yield from _link(name, _named(mesh, "gateway.networking.k8s.io", "GatewayClass", "", name))
        for listener in gateway.listeners:
            for ref in listener.tls.certificate_refs if listener.tls is not None else ():
                yield from _of_reference(mesh, ref)
    for one in mesh.gateways.all:
        for server in one.servers:
            secret = None if server.tls is None else server.tls.credential_name
            for pods in mesh.gateways.pods(one) if secret else ():
                yield from _link(secret, _named(mesh, "", "Secret", pods.namespace, str(secret)))


def _of_pods(mesh: Mesh) -> Iterator[Link]:
    for workload in mesh.workloads.all:
        account = workload.pod.spec.text("serviceAccountName")
        if account:
            yield from _link(account, _named(mesh, "", "ServiceAccount", workload.namespace, account))
    for service in mesh.services.all:
        backing = mesh.services.backing(service)
        yield from _link(service.resource.spec / "selector", (name_of(one.resource) for one in backing))


def _of_selectors(mesh: Mesh, resource: Resource) -> Iterator[Link]:
    """Selectors of policies and the like, from each of their labels to the pods that are meant."""
    if resource.group in ("", "apps", "batch"):
        return
    for key, labels in _SELECTORS:
        held = (resource.spec / key).mapping(labels)
        if held:
            root = resource.namespace == mesh.settings.root_namespace
            where = None if root else resource.namespace
            pods = mesh.workloads.select(where, LabelSelector.of(held))
            for label in held.values():
                yield from _link(label, (name_of(one.resource) for one in pods))
