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
