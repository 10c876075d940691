"""What `access` and `route` say where a value that decides is filled in later."""

from __future__ import annotations

import pytest

from meshlint.api import read_texts
from meshlint.api.answers.routing.request import RouteRequest
from meshlint.api.overviews.matrix import AccessQuestion, answered
from meshlint.security.access import AccessRequest
from meshlint.security.access.decision import Verdict

PODS = """apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio-injection: enabled}}
---
apiVersion: v1
kind: Service
metadata: {name: till, namespace: shop}
spec: {selector: {app: till}, ports: [{port: 80, name: http, targetPort: 8080}]}
"""
WORKLOAD = """apiVersion: apps/v1
kind: Deployment
metadata: {name: NAME, namespace: shop}
spec:
  selector: {matchLabels: {app: NAME}}
  template:
    metadata: {labels: {app: NAME}}
    spec: {serviceAccountName: NAME, containers: [{name: a, image: a, ports: [{containerPort: 8080}]}]}
"""
POLICY = """apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: till, namespace: shop}
spec:
  selector: {matchLabels: {app: till}}
  rules: [{from: [{source: {principals: [PRINCIPAL]}}]}]
"""
SHOP = "---\n".join((PODS, WORKLOAD.replace("NAME", "till"), WORKLOAD.replace("NAME", "web")))
REQUEST = AccessRequest("shop/till", 80, source="shop/web")
PRINCIPALS = {
    "cluster.local/ns/shop/sa/web": Verdict.ALLOW,
    "cluster.local/ns/shop/sa/other": Verdict.DENY,
    '"${PRINCIPAL}"': Verdict.DEPENDS,
    '"cluster.local/ns/${NAMESPACE}/sa/web"': Verdict.DEPENDS,
    '"cluster.local/ns/shop/sa/REPLACE_ME"': Verdict.DEPENDS,
    '"${PRINCIPAL:=cluster.local/ns/shop/sa/web}"': Verdict.DEPENDS,
}


@pytest.mark.parametrize("principal", PRINCIPALS)
def test_a_decision_that_an_open_value_makes_depends_on_it(principal: str) -> None:
    project = read_texts({"a.yaml": SHOP, "b.yaml": POLICY.replace("PRINCIPAL", principal, 1)})
    decision = project.access(REQUEST)
    assert decision.verdict is PRINCIPALS[principal]
    (edge,) = answered(project, AccessQuestion("shop/till", "shop/web", AccessRequest("", 80))).edges
    assert edge.decision.verdict is PRINCIPALS[principal]
    if decision.verdict is Verdict.DEPENDS:
        assert "filled in" in decision.reason


def test_an_open_value_that_changes_nothing_is_not_told() -> None:
    policy = POLICY.replace("PRINCIPAL", "cluster.local/ns/shop/sa/web")
    labels = policy.replace("namespace: shop}", 'namespace: shop, annotations: {owner: "${OWNER}"}}')
    project = read_texts({"a.yaml": SHOP, "b.yaml": labels})
    assert project.gaps != ()
    assert project.access(REQUEST).verdict is Verdict.ALLOW


ROUTES = """apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: till, namespace: shop}
spec:
  hosts: [till]
  http:
    - match: [{uri: {prefix: PREFIX}}]
      directResponse: {status: 418}
    - route: [{destination: {host: till}}]
"""


@pytest.mark.parametrize(
    ("prefix", "is_open"), [("/old", False), ('"${PREFIX}"', True), ('"/${PREFIX}/a"', True)]
)
def test_a_way_that_an_open_value_decides(prefix: str, is_open: bool) -> None:
    project = read_texts({"a.yaml": SHOP, "b.yaml": ROUTES.replace("PREFIX", prefix)})
    answer = project.route(RouteRequest(client="shop/web", host="till", path="/new"))
    assert any("filled in" in one for one in answer.undecided) == is_open
