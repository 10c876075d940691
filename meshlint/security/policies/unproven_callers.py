"""Callers that a policy names, and whose sidecars are told not to show who they are.

Which DestinationRule a client follows depends on its namespace, and the identity that a policy names tells it
(Istio: DestinationRule lookup, and what a client sends).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from meshlint.mesh import Mesh
from meshlint.resources import Resource
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.istio import Chain
from meshlint.security.istio.comparing import concerns_port
from meshlint.security.istio.translate import Translated, translated
from meshlint.security.membership.istio import DATAPLANE_MODE
from meshlint.security.policies.accounts import named_account
from meshlint.security.policies.scope import before_sidecars
from meshlint.security.policies.unidentified import Unidentified, demands
from meshlint.security.policies.values.texts import PolicyValue, asks_identity, policies_saying, positive
from meshlint.security.transport.calls import Hop, Transport, sidecar_hop, ways
from meshlint.security.transport.clients import MESH, all_settings
from meshlint.security.transport.inbound import served_ports

_NAMELESS = (Transport.PLAINTEXT, Transport.ONE_WAY_TLS, Transport.PASSED_TLS)


def unproven_callers(mesh: Mesh) -> Iterator[Unidentified]:
    """Demands for callers that come without an identity on every way to every workload of the policy.

    A DestinationRule takes it away, or automatic mTLS is off and no DestinationRule asks for mTLS.
    """
    if mesh.settings.auto_mtls and all(setting.tls.mode == MESH for _, setting in all_settings(mesh)):
        return
    for policy, workloads in before_sidecars(mesh, policies_saying(mesh, asks_identity, negated=False)):
        rules = {id(rule.rule): rule for rule in translated(mesh, policy, Chain.HTTP)}
        for found in demands(mesh, policy) if not policy.is_dry_run else ():
            namespace = _namespace(found)
            if namespace is None or _is_ambient(mesh, namespace):
                continue
            hops = _nameless_hops(mesh, namespace, workloads, rules[id(found.rule)])
            if hops:
                yield Unidentified(found, tuple(dict.fromkeys(one for hop in hops for one in hop.deciding)))


def _nameless_hops(
    mesh: Mesh, namespace: str, workloads: Iterable[Workload], rule: Translated
) -> tuple[Hop, ...]:
    """All ways of a rule's callers, if they come without an identity on each; the first other one ends it."""
    hops: list[Hop] = []
    for workload in workloads:
        for hop in _hops(mesh, namespace, workload, rule):
            if not _is_nameless(hop, mesh.settings.auto_mtls):
                return ()
            hops.append(hop)
    return tuple(hops)


def _namespace(found: PolicyValue) -> str | None:
    """The one namespace that a value's callers are in; None where there may be several."""
    if positive(found.name) in ("namespaces", "source.namespace"):
        return str(found.value) if "*" not in found.value else None
    account = named_account(found)
    return None if account is None else account[0]


def _is_ambient(mesh: Mesh, namespace: str) -> bool:
    return (mesh.namespaces.labels(namespace) or {}).get(DATAPLANE_MODE) == "ambient"


def _hops(mesh: Mesh, namespace: str, workload: Workload, rule: Translated) -> Iterator[Hop]:
    for port in sorted(served_ports(mesh, workload)):
        if concerns_port(rule, port):
            for way in ways(mesh, workload, port):
                yield sidecar_hop(mesh, namespace, way, workload, port)


def _is_nameless(hop: Hop, auto_mtls: bool) -> bool:
    """Whether a DestinationRule takes the caller's identity away, for all subsets of the host alike."""
    rules = [one for one in hop.deciding if one.kind == "DestinationRule"]
    is_told = bool(rules) or not auto_mtls
    return hop.transport in _NAMELESS and is_told and not any(map(_has_own_tls, rules))


def _has_own_tls(rule: Resource) -> bool:
    return any(subset / "trafficPolicy" / "tls" for subset in rule.spec.items("subsets"))
