"""Which workloads are gateways, by their pods, and which selectors mean gateways, by their words."""

from __future__ import annotations

from collections.abc import Mapping

from meshlint.resources.kubernetes.workload import Workload

GATEWAY_NAME = "gateway.networking.k8s.io/gateway-name"
"""Labels the pods of a Gateway of the Gateway API with its name."""

_TEMPLATES = "inject.istio.io/templates"
_PROXY = "istio-proxy"


def is_gateway(workload: Workload) -> bool:
    """Whether the pods of `workload` are gateways: PeerAuthentication means nothing to their listeners."""
    pod = workload.pod
    templates = pod.annotations.get(_TEMPLATES) or ""
    return (
        "gateway" in templates
        or GATEWAY_NAME in pod.labels
        or (bool(pod.containers) and all(container.name == _PROXY for container in pod.containers))
    )


def means_gateways(labels: Mapping[str, str]) -> bool:
    """Whether a selector is for gateways, whose pods often come from a chart: its words have to do."""
    return GATEWAY_NAME in labels or any("gateway" in value for value in labels.values())
