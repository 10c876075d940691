"""What a broken document may hold is not missing."""

from __future__ import annotations

import pytest

from meshlint.api import check_texts

POLICY = """apiVersion: policy.linkerd.io/v1beta3
kind: Server
metadata: {name: web, namespace: shop}
spec: {podSelector: {matchLabels: {app: web}}, port: 80}
---
apiVersion: policy.linkerd.io/v1alpha1
kind: AuthorizationPolicy
metadata: {name: web, namespace: shop}
spec:
  targetRef: {group: policy.linkerd.io, kind: Server, name: web}
  requiredAuthenticationRefs: [{group: policy.linkerd.io, kind: NetworkAuthentication, name: office}]
"""
BROKEN = """apiVersion: policy.linkerd.io/v1alpha1
kind: NetworkAuthentication
metadata:
  name: office
  namespace: shop
spec:
  networks:
  - cidr: {IPv6}/128
"""


def rules(second: str) -> set[str]:
    return {one.rule for one in check_texts({"a.yaml": f"{POLICY}---\n{second}"}).findings}


def test_what_is_in_view_is_missing() -> None:
    assert "AUTHZ225" in rules(BROKEN.replace("{IPv6}/128", "10.0.0.0/8").replace("office", "home"))


def test_what_a_broken_document_may_hold_is_not() -> None:
    found = rules(BROKEN)
    assert "HYGIENE001" in found
    assert "AUTHZ225" not in found


@pytest.mark.parametrize(
    ("old", "new"),
    [("namespace: shop", "namespace: office"), ("kind: NetworkAuthentication", "kind: ConfigMap")],
)
def test_a_broken_document_of_another_kind_or_place_says_nothing(old: str, new: str) -> None:
    assert rules(BROKEN.replace(old, new)) >= {"HYGIENE001", "AUTHZ225"}


def test_a_broken_document_without_a_kind_may_be_any() -> None:
    assert "AUTHZ225" not in rules(BROKEN.replace("kind: NetworkAuthentication\n", ""))
