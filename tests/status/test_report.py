"""How the status of Gateway API objects is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from meshlint.api import read_texts
from meshlint.reports import ReportOptions
from meshlint.reports.status.answer import StatusAnswer
from meshlint.reports.status.report import write_status
from tests.e2e.running import meshlint
from tests.shared import PROJECT

SCHEMA = json.loads((PROJECT / "schemas" / "status.json").read_text(encoding="utf-8"))
SHOP = """\
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: {name: istio}
spec: {controllerName: istio.io/gateway-controller}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge, namespace: shop}
spec:
  gatewayClassName: istio
  addresses: [{type: Hostname, value: front}]
  listeners:
    - {name: web, port: 80, protocol: HTTP}
    - {name: bytes, port: 80, protocol: TCP}
---
apiVersion: v1
kind: Service
metadata: {name: front, namespace: shop}
spec: {selector: {app: front}, ports: [{port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: cart, namespace: shop}
spec: {selector: {app: cart}, ports: [{port: 80}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: cart, namespace: shop}
spec:
  parentRefs: [{name: edge, sectionName: web}, {name: edge, sectionName: bytes}]
  rules: [{backendRefs: [{name: cart, port: 80}]}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: cart, namespace: blog}
spec:
  parentRefs: [{name: edge, namespace: shop}]
  rules: [{backendRefs: [{name: elsewhere, port: 80}]}]
"""
TEXT = """\
NAMESPACE OBJECT AT ACCEPTED RESOLVED REFS PROGRAMMED ROUTES
GatewayClass/istio True
shop Gateway/edge True ListenersNotValid True True
listener web True True True 1
listener bytes False ProtocolConflict False ProtocolConflict 0
blog HTTPRoute/cart Gateway shop/edge False NotAllowedByListeners Unknown BackendNotFound?
shop HTTPRoute/cart Gateway edge web True True
Gateway edge bytes False NoMatchingParent True

Gateway shop/edge listener bytes: Accepted False, ProtocolConflict
shop.yaml:14:14: it gives way to listener 'web' of Gateway shop/edge
HTTPRoute blog/cart at Gateway shop/edge: Accepted False, NotAllowedByListeners
shop.yaml:37:23: Gateway shop/edge takes no routes from its namespace
HTTPRoute blog/cart at Gateway shop/edge: ResolvedRefs Unknown, BackendNotFound
shop.yaml:38:33: depends: Service blog/elsewhere must exist
HTTPRoute shop/cart at Gateway edge bytes: Accepted False, NoMatchingParent
shop.yaml:30:74: Gateway shop/edge has no such listener"""


def answer(text: str = SHOP) -> StatusAnswer:
    return read_texts({"shop.yaml": text}).status()


@pytest.mark.parametrize("text", [SHOP, "a: b"])
def test_the_data_has_the_published_shape(text: str) -> None:
    Draft202012Validator.check_schema(SCHEMA)
    data = json.loads("\n".join(write_status(answer(text), "json", ReportOptions())))
    assert list(Draft202012Validator(SCHEMA).iter_errors(data)) == []


def test_the_text_reads_well() -> None:
    lines = write_status(answer(), "text", ReportOptions(width=140))
    assert "\n".join(" ".join(line.split()) for line in lines) == TEXT


def test_what_the_cluster_refuses_is_told_and_marked() -> None:
    found = answer(SHOP.replace("{name: web, port: 80,", "{name: web, port: 0,"))
    (edge,) = [one for one in found.objects if one.kind == "Gateway"]
    assert edge.refused
    assert not found.is_good
    assert any(
        "the cluster does not take it" in line for line in write_status(found, "text", ReportOptions())
    )


def test_nothing_to_tell_is_said() -> None:
    (line,) = write_status(answer("a: b"), "text", ReportOptions())
    assert line.startswith("No object")


def test_colours_only_where_asked() -> None:
    assert not any("\x1b" in line for line in write_status(answer(), "text", ReportOptions()))
    assert any("\x1b" in line for line in write_status(answer(), "text", ReportOptions(color=True)))


@pytest.mark.parametrize(("text", "code"), [(SHOP, 1), (SHOP.split("---\n")[0], 0), ("", 4)])
def test_the_exit_code_tells_whether_a_condition_is_surely_not_met(
    text: str, code: int, tmp_path: Path
) -> None:
    assert meshlint("status", "-", at=tmp_path, stdin=text.encode()).code == code
