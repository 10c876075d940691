"""Kubernetes' own NetworkPolicy, as far as ports go."""

from __future__ import annotations

from meshlint.documents import Field, Text
from meshlint.resources.resource import Resource
from meshlint.resources.view import ObjectView, filled_or, number_or_name
from meshlint.resources.view_class import view
from meshlint.values import frozen


@view
class NetworkPolicyPort:
    """A port of the pod, up to `end_port` if that is written; every port where `port` is None."""

    field: Field
    port: int | Text | None
    end_port: int | None
    protocol: Text


@view
class NetworkPolicyRule:
    """Lets connections through: those on `ports` (all if empty) with `peers` (all if empty)."""

    field: Field
    ports: tuple[NetworkPolicyPort, ...]
    peers: tuple[Field, ...]


@frozen(eq=False, repr=False)
class NetworkPolicy(ObjectView):
    """Closes the selected pods in the directions of `policy_types`, but for what the rules let through."""

    pod_selector: Field
    policy_types: tuple[str, ...]
    ingress: tuple[NetworkPolicyRule, ...]
    egress: tuple[NetworkPolicyRule, ...]


def network_policy(resource: Resource) -> NetworkPolicy:
    """`resource` read as a networking.k8s.io NetworkPolicy."""
    spec = resource.spec
    ingress = tuple(_rule(item, "from") for item in spec.items("ingress"))
    egress = tuple(_rule(item, "to") for item in spec.items("egress"))
    # Kubernetes takes ingress always, and egress where the policy has rules for it.
    implied = ("Ingress", "Egress") if egress else ("Ingress",)
    return NetworkPolicy(
        resource=resource,
        pod_selector=spec / "podSelector",
        policy_types=spec.texts("policyTypes") or implied,
        ingress=ingress,
        egress=egress,
    )


def _rule(field: Field, peers: str) -> NetworkPolicyRule:
    return NetworkPolicyRule(field, tuple(_port(item) for item in field.items("ports")), field.items(peers))


def _port(field: Field) -> NetworkPolicyPort:
    return NetworkPolicyPort(
        field=field,
        port=number_or_name(field, "port"),
        end_port=field.integer("endPort"),
        protocol=filled_or(field, "protocol", "TCP"),
    )
