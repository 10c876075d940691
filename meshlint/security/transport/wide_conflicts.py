"""Policies for a whole namespace or mesh against rules for all of its hosts."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.matching import is_wildcard
from meshlint.mesh import Mesh, MtlsMode
from meshlint.mesh.names.expansion import ServiceName
from meshlint.mesh.policies.peer_authentications import Scope
from meshlint.resources.istio.destination_rule import DestinationRule
from meshlint.resources.istio.peer_authentication import PeerAuthentication
from meshlint.security.transport.clients import MESH
from meshlint.security.transport.servers import mode_of, namespace_mtls

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
