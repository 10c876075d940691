"""Names that a kustomization changes, and references to them that it leaves."""

from __future__ import annotations

from meshlint.api import CheckOptions, Selection, check_texts
from meshlint.engine.rule import Profile

_BASE = """
apiVersion: v1
kind: Service
metadata: {name: cart}
spec: {selector: {app: cart}, ports: [{name: http, port: 80}]}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: cart}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: cart}
spec:
  hosts: [cart]
  http:
  - route: [{destination: {host: cart}}]
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: cart}
spec:
  selector: {matchLabels: {app: cart}}
  rules: [{from: [{source: {principals: [cluster.local/ns/shop/sa/cart]}}]}]
"""
_NAMES = """nameReference:
- kind: Service
  version: v1
  fieldSpecs:
  - {kind: VirtualService, path: spec/hosts}
  - {kind: VirtualService, path: spec/http/route/destination/host}
"""
_CERTIFICATES = """
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: edge, namespace: edge}
spec:
  selector: {istio: edge}
  servers:
  - port: {number: 443, name: https, protocol: HTTPS}
    hosts: [shop.example.com]
    tls: {mode: SIMPLE, credentialName: shop-tls}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: door, namespace: edge}
spec:
  gatewayClassName: istio
  listeners:
  - {name: https, port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: shop-tls}]}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: edge, namespace: edge}
spec:
  selector: {matchLabels: {istio: edge}}
  template:
    metadata:
      labels: {istio: edge, sidecar.istio.io/inject: "true"}
      annotations: {inject.istio.io/templates: gateway}
    spec: {containers: [{name: istio-proxy, image: auto}]}
"""
_STRICT = CheckOptions(Selection(profile=Profile.STRICT))


def told(overlay: str, **files: str) -> list[tuple[str, str, int]]:
    texts = {
        "base/all.yaml": _BASE,
        "base/kustomization.yaml": "resources: [all.yaml]\n",
        "prod/kustomization.yaml": f"namespace: shop\nresources: [../base]\n{overlay}",
        **{f"prod/{name}.yaml": text for name, text in files.items()},
    }
    return sorted(
        (one.rule, one.location.file, one.location.span.line)
        for one in check_texts(texts, _STRICT).findings
        if one.rule in ("AUTHZ057", "ROUTE010")
    )


def test_hosts_and_accounts_that_a_prefix_leaves_behind() -> None:
    found = told("namePrefix: prod-\n")
    assert found == [("AUTHZ057", "base/all.yaml", 24), ("ROUTE010", "base/all.yaml", 17)]


def test_names_that_stay_and_references_that_follow() -> None:
    assert told("") == []
    followed = told("namePrefix: prod-\nconfigurations: [names.yaml]\n", names=_NAMES)
    assert [rule for rule, _, _ in followed] == ["AUTHZ057"]


def secrets_told(options: str) -> list[tuple[str, int]]:
    generator = "secretGenerator:\n- {name: shop-tls, namespace: edge, literals: [tls.crt=x, tls.key=y]}\n"
    texts = {
        "all.yaml": _CERTIFICATES,
        "kustomization.yaml": f"resources: [all.yaml]\n{generator}{options}",
    }
    found = check_texts(texts, _STRICT).findings
    return sorted(
        (one.rule, one.location.span.line) for one in found if one.rule in ("GATEWAY066", "GATEWAY142")
    )


def test_certificates_that_a_hash_renames() -> None:
    assert secrets_told("") == [("GATEWAY066", 10), ("GATEWAY142", 18)]
    # What is in them is no PEM, which the listener of the Gateway API minds.
    kept = "generatorOptions: {disableNameSuffixHash: true}\n"
    assert [rule for rule, _ in secrets_told(kept)] == ["GATEWAY142"]
