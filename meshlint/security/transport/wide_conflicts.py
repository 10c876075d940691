"""Policies for a whole namespace or mesh against rules for all of its hosts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from meshlint.documents import Text
from meshlint.matching import is_wildcard
from meshlint.mesh import Found, Mesh, MtlsMode
from meshlint.mesh.names.expansion import ServiceName
from meshlint.mesh.policies.peer_authentications import Scope, mode_of
from meshlint.resources.istio.destination_rule import DestinationRule
from meshlint.resources.istio.peer_authentication import PeerAuthentication
from meshlint.security.membership.istio import INJECTION, REVISION
from meshlint.security.transport.clients import MESH, ONE_WAY, PLAINTEXT, TlsSetting
from meshlint.security.transport.reached import is_for_services
from meshlint.security.transport.servers import namespace_mtls

_ANY = "any"
_AMBIENT = ("istio.io/dataplane-mode", "ambient")


def asked_where_disabled(mesh: Mesh) -> Iterator[tuple[PeerAuthentication, DestinationRule]]:
    """The policies that turn mutual TLS off where a rule makes clients speak it to every host.

    Pods with a proxy hand the bytes on as they are and others get them at once, so nobody takes them there;
    ambient mode apart (Istio: client mode, server mode). A pair of the whole mesh is about the namespaces
    that have neither a policy nor a rule of their own.
    """
    policies = mesh.peer_authentications
    for policy in policies.all:
        scope = policies.scope(policy)
        if scope not in (Scope.MESH, Scope.NAMESPACE) or mode_of(policy.mode) is not MtlsMode.DISABLE:
            continue
        namespace = _ANY if scope is Scope.MESH else policy.namespace
        labels = mesh.namespaces.labels(namespace) or {}
        alone = namespace_mtls(mesh, namespace).modes == {MtlsMode.DISABLE}
        if alone and labels.get(_AMBIENT[0]) != _AMBIENT[1]:
            yield from ((policy, rule) for rule in _asking(mesh, namespace))


def _asking(mesh: Mesh, namespace: str) -> tuple[DestinationRule, ...]:
    """The rules that make clients, wherever they are, speak mutual TLS to a Service that no rule names."""
    host = ServiceName(namespace, _ANY).host(mesh.settings.cluster_domain)
    wide = (rule for rule in mesh.destination_rules.all if is_wildcard(rule.host or ""))
    clients = dict.fromkeys((namespace, *(rule.resource.namespace for rule in wide)))
    applied = (mesh.destination_rules.for_client(client, host, namespace) for client in clients)
    found = (rule for one in applied if one and is_wildcard(one.host) for rule in one.rules)
    return tuple(dict.fromkeys(rule for rule in found if _asks(rule)))


def _asks(rule: DestinationRule) -> bool:
    policy = rule.traffic_policy
    return policy is not None and policy.tls is not None and policy.tls.mode == MESH


def demanded_where_disabled(
    mesh: Mesh, rule: DestinationRule, setting: TlsSetting
) -> PeerAuthentication | None:
    """Who demands mutual TLS of all that a rule without Services in view makes clients call without it.

    The name of the host tells the namespace; a wildcard over all of them is about those that have no policy
    of their own. Nothing is said where workloads may have a mode of their own, or where a namespace is known
    to have no sidecars.
    """
    if setting.tls.mode not in (PLAINTEXT, ONE_WAY) or not mesh.peer_authentications.all:
        return None
    namespace = _namespace_of(mesh, mesh.destination_rules.host(rule))
    if namespace is None or is_for_services(mesh, rule):
        return None
    if isinstance(mesh.hosts.resolve(rule.host or "", rule.resource.namespace), Found):
        return None
    policies = mesh.peer_authentications
    if any(policies.scope(one) is Scope.WORKLOAD for one in policies.all):
        return None
    if not _may_have_sidecars(mesh.namespaces.labels(namespace)):
        return None
    mtls = namespace_mtls(mesh, namespace)
    return mtls.deciding[-1] if mtls.accepts_plaintext is False and mtls.deciding else None


def _namespace_of(mesh: Mesh, host: str) -> str | None:
    """The namespace that a host of the cluster is in, a star where it is a wildcard over all of them."""
    domain = mesh.settings.cluster_domain
    if host in (f"*.{domain}", f"*.svc.{domain}", f"*.{domain.rpartition('.')[2]}"):
        return _ANY
    name, _, rest = host.partition(".")
    namespace = rest.removesuffix(f".svc.{domain}")
    return namespace if name and namespace not in (rest, "") and "." not in namespace else None


def _may_have_sidecars(labels: Mapping[str, Text] | None) -> bool:
    """Whether a namespace is injected, or its labels are not in view."""
    if labels is None:
        return True
    is_ambient = labels.get(_AMBIENT[0]) == _AMBIENT[1]
    return not is_ambient and (labels.get(INJECTION) == "enabled" or bool(labels.get(REVISION)))
