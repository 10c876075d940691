"""Policies that ask who calls where nobody shows an identity.

What asks for an identity never matches a caller without one (Istio: attributes that are missing).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from meshlint.mesh import Mesh, MtlsMode
from meshlint.mesh.remembered import remembered
from meshlint.mesh.workloads.gateways import GATEWAY_NAME, is_gateway
from meshlint.resources import Resource
from meshlint.resources.gateway_api.gateway import Gateway as KubernetesGateway
from meshlint.resources.gateway_api.listener import ListenerTls
from meshlint.resources.istio.authorization_policy import AuthorizationPolicy
from meshlint.resources.istio.gateway import Gateway
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.access.istio.workloads import guards
from meshlint.security.istio import Chain, Request
from meshlint.security.istio.comparing import concerns_port
from meshlint.security.istio.translate import Translated, translated
from meshlint.security.policies.gaps.open_rules import left_open
from meshlint.security.policies.scope import before_sidecars, labels_of, names_kubernetes_gateway
from meshlint.security.policies.values.texts import (
    PolicyValue,
    asks_identity,
    policies_saying,
    policy_values,
)
from meshlint.security.transport.inbound import served_ports
from meshlint.security.transport.servers import ServerMtls, is_disabled_somewhere, workload_mtls
from meshlint.values import frozen

_WITH_CLIENT_CERTIFICATE = frozenset({"MUTUAL", "ISTIO_MUTUAL", "OPTIONAL_MUTUAL"})
_TERMINATE_MODE = "gateway.istio.io/tls-terminate-mode"


@frozen(eq=False, repr=False)
class Unidentified:
    """A demand for an identity, and the objects because of which nobody has one."""

    found: PolicyValue
    because: tuple[Resource, ...]


def on_disabled_mtls(mesh: Mesh) -> Iterator[Unidentified]:
    """Rules that ask for an identity on ports at which mTLS is turned off, one demand of each."""
    if mesh.settings.mtls is not MtlsMode.DISABLE and not is_disabled_somewhere(mesh):
        return
    for policy, workloads in before_sidecars(mesh, policies_saying(mesh, asks_identity, negated=False)):
        if not policy.is_dry_run:
            for rule in translated(mesh, policy, Chain.HTTP):
                demand = _demand(mesh, policy, rule)
                mode = _disabled(mesh, workloads, rule) if demand is not None else None
                if demand is not None and mode is not None:
                    yield Unidentified(demand, tuple(one.resource for one in mode.deciding))


def _disabled(mesh: Mesh, workloads: Iterable[Workload], rule: Translated) -> ServerMtls | None:
    """The first mode of those that a rule is about, if mTLS is off in all of them: mostly it is in none."""
    first: ServerMtls | None = None
    for workload in workloads:
        for mode in _modes(mesh, workload, rule):
            if mode.modes != {MtlsMode.DISABLE}:
                return None
            first = mode if first is None else first
    return first


def demands(mesh: Mesh, policy: AuthorizationPolicy) -> Iterator[PolicyValue]:
    """The values by which a policy asks for an identity, those left out that it only excludes."""
    for found in policy_values(mesh, policy):
        if asks_identity(found.name) and not found.negated:
            yield found


def _demand(mesh: Mesh, policy: AuthorizationPolicy, rule: Translated) -> PolicyValue | None:
    return next((found for found in demands(mesh, policy) if found.rule is rule.rule), None)


def _modes(mesh: Mesh, workload: Workload, rule: Translated) -> Iterator[ServerMtls]:
    """The modes at the ports that a rule is about; without any in view, the one of the workload."""
    ports = served_ports(mesh, workload)
    for port in sorted(ports):
        if concerns_port(rule, port):
            yield workload_mtls(mesh, workload, port)
    if not ports:
        yield workload_mtls(mesh, workload)


@remembered
def at_gateways(mesh: Mesh) -> tuple[Unidentified, ...]:
    """Demands of policies for gateways that ask no client for a certificate, one of each rule."""
    if not (mesh.gateways.all or mesh.kubernetes_gateways):
        return ()
    return tuple(
        found
        for policy in mesh.authorization_policies.all
        if not policy.is_dry_run
        for found in _at_gateways(mesh, policy)
    )


def _at_gateways(mesh: Mesh, policy: AuthorizationPolicy) -> Iterator[Unidentified]:
    first = {id(found.rule): found for found in reversed(tuple(demands(mesh, policy)))}
    because = _plain_gateways(mesh, policy) if first else ()
    if because:
        yield from (Unidentified(found, because) for found in reversed(first.values()))


def _plain_gateways(mesh: Mesh, policy: AuthorizationPolicy) -> tuple[Resource, ...]:
    """The gateways that a policy is surely for, if no server that may be theirs asks for certificates."""
    if policy.target_refs:
        return _plain_targets(mesh, policy)
    labels = labels_of(policy)
    if GATEWAY_NAME in labels:
        return _plain_named(mesh, policy, (labels[GATEWAY_NAME],))
    own = tuple(one for one in mesh.gateways.selecting(labels) if one.servers)
    near: Iterable[Gateway] = _asking(mesh)
    if own:
        near = (one for one in near if all(labels.get(k, v) == v for k, v in _selector(one).items()))
    else:
        own = _serving(mesh, policy)
        near = filter(_asks_certificate, own)
    return () if any(near) else tuple(one.resource for one in own)


@remembered
def _asking(mesh: Mesh) -> tuple[Gateway, ...]:
    """The Gateways that ask some client for a certificate."""
    found = (one for one in mesh.gateways.all if one.selector is not None)
    return tuple(filter(_asks_certificate, found))


def _serving(mesh: Mesh, policy: AuthorizationPolicy) -> tuple[Gateway, ...]:
    """The Gateways that the pods of a policy serve, if all that it selects in view are gateways."""
    if not labels_of(policy):
        # What else is in the namespace need not be in view.
        return ()
    pods = mesh.authorization_policies.selected(policy)
    if not all(is_gateway(one) and GATEWAY_NAME not in one.pod.labels for one in pods):
        return ()
    return tuple(one for one in mesh.gateways.served_by(*pods) if one.servers)


def _plain_targets(mesh: Mesh, policy: AuthorizationPolicy) -> tuple[Resource, ...]:
    """The Gateways that `targetRefs` name, if they are Istio's and none asks for certificates."""
    names = tuple(ref.name or "" for ref in policy.target_refs if names_kubernetes_gateway(ref))
    return () if len(names) < len(policy.target_refs) else _plain_named(mesh, policy, names)


def _plain_named(mesh: Mesh, policy: AuthorizationPolicy, names: tuple[str, ...]) -> tuple[Resource, ...]:
    """The Gateways of the Gateway API by these names, if all are in view and none asks for certificates."""
    namespace = policy.resource.namespace
    named = [one for one in mesh.kubernetes_gateways if one.namespace == namespace and one.name in names]
    if len(named) < len(names) or not all(map(_is_plain, named)):
        return ()
    return tuple(one.resource for one in named)


def _selector(gateway: Gateway) -> dict[str, str]:
    return dict(gateway.selector.labels) if gateway.selector is not None else {}


def _asks_certificate(gateway: Gateway) -> bool:
    return any(one.tls is not None and one.tls.mode in _WITH_CLIENT_CERTIFICATE for one in gateway.servers)


def _is_plain(gateway: KubernetesGateway) -> bool:
    if gateway.gateway_class_name != "istio" or not gateway.listeners or gateway.listener_sets_from != "None":
        return False
    if (gateway.resource.spec / "tls" / "frontend") or (gateway.resource.spec / "backendTLS"):
        return False
    return not any(one.protocol == "HBONE" or _may_ask(one.tls) for one in gateway.listeners)


def _may_ask(tls: ListenerTls | None) -> bool:
    return tls is not None and (_TERMINATE_MODE in tls.options or bool(tls.field / "frontendValidation"))


def evaded_denials(mesh: Mesh) -> Iterator[Unidentified]:
    """Rules that deny by identity on ports that take plaintext, over which the same caller has none.

    Not where the other policies keep callers without an identity out. Which mode is in force has to be in
    view: that none is told is another mistake.
    """
    denying = (one for one in mesh.authorization_policies.all if one.action == "DENY")
    for policy, workloads in before_sidecars(mesh, denying):
        if policy.is_dry_run:
            continue
        for rule in translated(mesh, policy, Chain.HTTP):
            demand = _demand(mesh, policy, rule)
            for workload in workloads if demand else ():
                because = _open_to_plaintext(mesh, workload, rule)
                if demand and because:
                    yield Unidentified(demand, because)
                    break


def _open_to_plaintext(mesh: Mesh, workload: Workload, rule: Translated) -> tuple[Resource, ...]:
    """The PeerAuthentications by which a port that the rule is about lets in callers without an identity."""
    for port in sorted(served_ports(mesh, workload)):
        mtls = workload_mtls(mesh, workload, port)
        if concerns_port(rule, port) and mtls.modes == {MtlsMode.PERMISSIVE} and mtls.deciding:
            request = Request(destination_port=port, left_open=left_open("identity", "destination_port"))
            if not any(one.decide(request).is_denied for one in guards(mesh, workload, port)):
                return tuple(one.resource for one in mtls.deciding)
    return ()
