"""Policies that are meant for gateways and select none: elsewhere, or by a label that their pods lack."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from meshlint.mesh import Mesh
from meshlint.mesh.namespaces.namespaces import WORKLOADS
from meshlint.mesh.policies.attachment import Attachable
from meshlint.mesh.questions.serving import INSTALLED
from meshlint.mesh.remembered import remembered
from meshlint.mesh.workloads.gateways import GATEWAY_NAME, is_gateway
from meshlint.resources import Resource
from meshlint.resources.gateway_api.gateway import Gateway
from meshlint.security.policies.scope import labels_of
from meshlint.values import frozen


@frozen(eq=False, repr=False)
class PastGateway:
    """A policy, why no gateway is among the pods that it selects, and what was meant, if that is in view."""

    policy: Attachable
    reason: str
    meant: Resource | None
    hint: str


@remembered
def past_gateways(mesh: Mesh) -> tuple[PastGateway, ...]:
    """Policies on calls and on tokens that are for gateways by their labels, and reach none.

    A selector is for pods of the policy's own namespace, or for all from the root namespace; what Istio makes
    for a Gateway of the Gateway API is labelled with its name alone (Istio: workload selectors, automated
    deployment).
    """
    return tuple(_past_gateways(mesh))


def _past_gateways(mesh: Mesh) -> Iterator[PastGateway]:
    policies: tuple[Attachable, ...] = mesh.authorization_policies.all
    tokens: tuple[Attachable, ...] = mesh.request_authentications.all
    for policy in (*policies, *tokens):
        labels, namespace = labels_of(policy), policy.resource.namespace
        is_placed = policy.resource.names_namespace and namespace != mesh.settings.root_namespace
        if not labels or GATEWAY_NAME in labels or mesh.workloads.labelled(namespace, labels):
            continue
        found = _of_gateway_api(mesh, policy, labels) or (
            _elsewhere(mesh, policy, labels) if is_placed else None
        )
        if found is not None:
            yield found


def _of_gateway_api(mesh: Mesh, policy: Attachable, labels: Mapping[str, str]) -> PastGateway | None:
    """A policy that names a Gateway beside it by a label that its pods do not have."""
    for gateway in _of_istio(mesh).get(policy.resource.namespace, ()):
        if gateway.name in labels.values() and not _has(gateway, labels):
            reason = f"{gateway} has other labels on its pods"
            hint = f"Name the Gateway in `targetRefs`, or select `{GATEWAY_NAME}: {gateway.name}`."
            return PastGateway(policy, reason, gateway.resource, hint)
    return None


@remembered
def _of_istio(mesh: Mesh) -> Mapping[str, list[Gateway]]:
    """The Gateways whose pods Istio makes, by namespace."""
    found: dict[str, list[Gateway]] = {}
    for gateway in mesh.kubernetes_gateways:
        if gateway.gateway_class_name == "istio":
            found.setdefault(gateway.namespace, []).append(gateway)
    return found


def _has(gateway: Gateway, labels: Mapping[str, str]) -> bool:
    """Whether the pods of a Gateway may have all of the labels, which it can hand on to them."""
    own = {**gateway.resource.labels, **gateway.infrastructure_labels}
    return labels.items() <= own.items() or bool(gateway.resource.spec / "infrastructure" / "parametersRef")


def _elsewhere(mesh: Mesh, policy: Attachable, labels: Mapping[str, str]) -> PastGateway | None:
    """A policy whose labels only gateways of other namespaces have, in view or by the words of the labels."""
    fitting = mesh.workloads.labelled(None, labels)
    hint = "Put it into the namespace of the gateway's pods."
    if fitting:
        is_meant = all(is_gateway(one) and one.resource.names_namespace for one in fitting)
        reason = f"only {fitting[0]} has the labels"
        return PastGateway(policy, reason, fitting[0].resource, hint) if is_meant else None
    stock = labels.get("istio") in INSTALLED or labels.get("app", "").startswith("istio-ingress")
    shown = mesh.namespaces.shows(policy.resource.namespace, WORKLOADS, policy.resource.field)
    if stock and shown and mesh.workloads.in_namespace(policy.resource.namespace):
        return PastGateway(policy, "no pod of its namespace is a gateway", None, hint)
    return None
