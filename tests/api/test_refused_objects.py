"""What the cluster refuses decides nothing, and is named where it would have mattered."""

from __future__ import annotations

from meshlint.api import (
    AccessQuestion,
    AccessRequest,
    Project,
    ReadOptions,
    RouteRequest,
    check_texts,
    read_texts,
)
from meshlint.api.overviews.matrix import answered

SHOP = """\
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio-injection: enabled}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: pay, namespace: shop}
spec:
  selector: {matchLabels: {app: pay}}
  template:
    metadata: {labels: {app: pay}}
    spec:
      containers: [{name: pay, image: "example.test/pay:1", ports: [{containerPort: 8080}]}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: web, image: "example.test/web:1"}]
---
apiVersion: v1
kind: Service
metadata: {name: pay, namespace: shop}
spec:
  selector: {app: pay}
  ports: [{name: http, port: 80, targetPort: 8080}]
"""
DENY = """\
apiVersion: security.istio.io/VERSION
kind: AuthorizationPolicy
metadata: {name: pay, namespace: shop}
spec:
  action: DENY
  rules: [{}]
"""
REDIRECT = """\
apiVersion: networking.istio.io/VERSION
kind: VirtualService
metadata: {name: pay, namespace: shop}
spec:
  hosts: [pay]
  http: [{redirect: {authority: elsewhere.example.com}}]
"""
REFUSED, TAKEN = "v9", "v1"


def project(*texts: str) -> Project:
    files = {f"{number}.yaml": text for number, text in enumerate((SHOP, *texts))}
    return read_texts(files, ReadOptions(complete=True))


def test_a_refused_policy_denies_nobody_and_is_named() -> None:
    question = AccessQuestion("shop/pay", "shop/web", AccessRequest("", port=80))
    refused = answered(project(DENY.replace("VERSION", REFUSED)), question)
    assert [edge.word for edge in refused.edges] == ["allowed"]
    assert refused.notes == (
        "AuthorizationPolicy shop/pay would deny calls from shop/web to shop/pay:80, but it is refused: "
        "the API server does not serve security.istio.io/v9 AuthorizationPolicy",
    )
    taken = answered(project(DENY.replace("VERSION", TAKEN)), question)
    assert ([edge.word for edge in taken.edges], taken.notes) == (["denied"], ())


def test_a_refused_route_takes_no_request_and_is_named() -> None:
    asked = RouteRequest(client="shop/web", host="pay")
    refused = project(REDIRECT.replace("VERSION", REFUSED)).route(asked)
    assert [one.host for one in refused.destinations] == ["pay.shop.svc.cluster.local"]
    (left_out,) = refused.left_out
    assert left_out.object == "VirtualService shop/pay"
    assert left_out.reason.startswith("it would change the way, but it is refused: ")
    taken = project(REDIRECT.replace("VERSION", TAKEN)).route(asked)
    assert (taken.status, taken.left_out) == (301, ())


def test_nothing_follows_from_a_refusal() -> None:
    """A route to a subset that only a refused rule defines: the refusal is the one thing to mend."""
    rule = (
        "apiVersion: networking.istio.io/VERSION\nkind: DestinationRule\n"
        "metadata: {name: pay, namespace: shop}\n"
        "spec: {host: pay, subsets: [{name: v1, labels: {app: pay}}]}\n"
    )
    route = (
        "apiVersion: networking.istio.io/v1\nkind: VirtualService\n"
        "metadata: {name: pay, namespace: shop}\n"
        "spec: {hosts: [pay], http: [{route: [{destination: {host: pay, subset: v1}}]}]}\n"
    )
    found = check_texts({"a.yaml": SHOP, "b.yaml": rule.replace("VERSION", REFUSED), "c.yaml": route})
    assert [finding.rule for finding in found.findings if finding.location.file != "a.yaml"] == ["SCHEMA009"]
    gone = check_texts({"a.yaml": SHOP, "c.yaml": route})
    assert "SUBSET001" in {finding.rule for finding in gone.findings}
