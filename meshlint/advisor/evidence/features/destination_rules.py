"""What DestinationRules and ServiceEntries ask of the way to a destination."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from meshlint.advisor.evidence.features.evidence import Found, seen
from meshlint.documents import Field
from meshlint.mesh import Mesh
from meshlint.mesh.settings.settings import OutboundPolicy
from meshlint.resources import Resource
from meshlint.resources.istio.destination_rule import DestinationRule
from meshlint.resources.istio.traffic_policy import TrafficPolicy

_ORIGINATING = ("SIMPLE", "MUTUAL")
_SETTINGS = frozenset({"outlierDetection", "connectionPool", "consistentHash", "localityLbSetting"})


def destination_rule_needs(mesh: Mesh) -> Found:
    """The needs that DestinationRules show, at the setting that shows them."""
    for rule in mesh.destination_rules.kind.where(_may_show_needs):
        for policy in _policies(rule):
            for need, field in _needs(policy):
                yield seen(need, rule.resource, field)


def egress_needs(mesh: Mesh) -> Found:
    """The needs of calls that leave the mesh."""
    for entry in mesh.service_entries:
        if entry.is_external:
            yield seen("egress-control", entry.resource)
    for sidecar in mesh.resources.of("networking.istio.io", "Sidecar"):
        policy = sidecar.spec / "outboundTrafficPolicy"
        if policy.text("mode") == OutboundPolicy.REGISTRY_ONLY.value:
            yield seen("egress-control", sidecar, policy)
    for resource in mesh.resources.of("policy.linkerd.io", "EgressNetwork"):
        yield seen("egress-control", resource)
    for gateway in mesh.gateways.all:
        if "egress" in str((gateway.resource.spec / "selector").text("istio") or ""):
            yield seen("egress-gateway", gateway.resource)


def ingress_needs(mesh: Mesh) -> Found:
    """Gateways of Istio that let traffic in."""
    for gateway in mesh.gateways.all:
        pods = str((gateway.resource.spec / "selector").text("istio") or "")
        if "egress" not in pods and "eastwest" not in pods:
            yield seen("ingress-gateway", gateway.resource, at_gateway=True)
    for resource in mesh.resources.of("gateway.networking.k8s.io", "Gateway"):
        if _class_of(resource) == "istio":
            yield seen("ingress-gateway", resource, at_gateway=True)


def _class_of(resource: Resource) -> str:
    return str(resource.spec.text("gatewayClassName") or "")


def _may_show_needs(resource: Resource) -> bool:
    """Whether anything is set that shows a need, told without reading the object."""
    spec = resource.field.value.get("spec")
    policies = (spec.get("trafficPolicy"), spec.get("subsets")) if isinstance(spec, dict) else ()
    return any(map(_holds_setting, policies))


def _holds_setting(value: Any) -> bool:
    if isinstance(value, dict):
        is_set = not _SETTINGS.isdisjoint(value) or value.get("mode") in _ORIGINATING
        return is_set or any(map(_holds_setting, value.values()))
    return isinstance(value, list) and any(map(_holds_setting, value))


def _policies(rule: DestinationRule) -> Iterator[TrafficPolicy]:
    wholes = [rule.traffic_policy, *(subset.traffic_policy for subset in rule.subsets)]
    for whole in wholes:
        if whole is not None:
            yield whole
            yield from whole.port_level_settings


def _needs(policy: TrafficPolicy) -> Iterator[tuple[str, Field]]:
    if policy.outlier_detection is not None:
        yield "circuit-breaking", policy.outlier_detection.field
    if policy.connection_pool is not None:
        yield "connection-limits", policy.connection_pool.field
    balancing = policy.load_balancer
    if balancing is not None and balancing.consistent_hash is not None:
        yield "session-affinity", balancing.consistent_hash.field
    if balancing is not None and balancing.locality_lb_setting is not None:
        yield "locality-failover", balancing.locality_lb_setting.field
    if policy.tls is not None and policy.tls.mode in _ORIGINATING:
        yield "tls-origination", policy.tls.field
