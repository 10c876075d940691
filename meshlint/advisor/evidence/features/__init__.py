"""Which needs show in the manifests, and where."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import attrgetter

from meshlint.advisor.evidence.features.balancing import balancing_needs
from meshlint.advisor.evidence.features.clusters import cluster_needs, mtls_needs
from meshlint.advisor.evidence.features.destination_rules import (
    destination_rule_needs,
    egress_needs,
    ingress_needs,
)
from meshlint.advisor.evidence.features.evidence import Evidence, Found
from meshlint.advisor.evidence.features.istio_policies import istio_policy_needs
from meshlint.advisor.evidence.features.linkerd import linkerd_needs
from meshlint.advisor.evidence.features.routes import route_needs
from meshlint.advisor.evidence.features.virtual_services import virtual_service_needs
from meshlint.advisor.evidence.places import once_in_order
from meshlint.mesh import Mesh

DETECTORS: tuple[Callable[[Mesh], Found], ...] = (
    balancing_needs,
    cluster_needs,
    destination_rule_needs,
    egress_needs,
    ingress_needs,
    istio_policy_needs,
    linkerd_needs,
    mtls_needs,
    route_needs,
    virtual_service_needs,
)

_PLACE, _AT_GATEWAY = attrgetter("place"), attrgetter("at_gateway")


def evidence_of(mesh: Mesh) -> Mapping[str, tuple[Evidence, ...]]:
    """All signs of needs by the id of the need, each in the order of the files."""
    found: dict[str, list[Evidence]] = {}
    for detect in DETECTORS:
        for one in detect(mesh):
            found.setdefault(one.need, []).append(one)
    return {need: once_in_order(found[need], _PLACE, _AT_GATEWAY) for need in sorted(found)}


__all__ = ["DETECTORS", "Evidence", "evidence_of"]
