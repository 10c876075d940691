from __future__ import annotations

import pytest

from meshlint.mesh import Mesh
from tests.traffic.worlds import deployment, mesh


def policy(spec: str, namespace: str = "shop") -> str:
    return f"""
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {{name: policy, namespace: {namespace}}}
spec: {spec}
"""


def sides(found: Mesh) -> tuple[set[str], set[str]]:
    """The workloads with a policy, asked from either side, which must agree."""
    policies = found.authorization_policies
    by_policy = {one.name for policy in policies.all for one in policies.selected(policy)}
    by_workload = {one.name for one in found.workloads.all if policies.attached_to(one)}
    return by_policy, by_workload


WORKLOADS = (
    deployment("web"),
    deployment("api"),
    deployment("other", namespace="billing"),
    deployment("edge", **{"gateway.networking.k8s.io/gateway-name": "edge"}),
)


@pytest.mark.parametrize(
    ("spec", "namespace", "names"),
    [
        ("{}", "shop", {"web", "api", "edge"}),
        ("{selector: {}}", "shop", {"web", "api", "edge"}),
        ("{selector: {matchLabels: {app: web}}}", "shop", {"web"}),
        ("{selector: {matchLabels: {app: other}}}", "shop", set()),
        ("{}", "istio-system", {"web", "api", "other", "edge"}),
        ("{selector: {matchLabels: {app: other}}}", "istio-system", {"other"}),
        (
            "{targetRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: edge}]}",
            "shop",
            {"edge"},
        ),
        ("{targetRef: {group: gateway.networking.k8s.io, kind: Gateway, name: edge}}", "shop", {"edge"}),
        ("{targetRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: no}]}", "shop", set()),
        ("{targetRefs: [{group: '', kind: Service, name: web}]}", "shop", set()),
        ("{targetRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: edge}]}", "billing", set()),
    ],
)
def test_policies_attach_to_the_same_workloads_from_either_side(
    spec: str, namespace: str, names: set[str]
) -> None:
    assert sides(mesh(policy(spec, namespace), *WORKLOADS)) == (names, names)
