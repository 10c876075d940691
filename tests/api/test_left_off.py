"""What is too much to compare is said in the summary, in text and in JSON."""

from __future__ import annotations

import json

import pytest

from meshlint.api import check_texts
from meshlint.engine.outcome import Outcome
from meshlint.reports import ReportOptions, writer
from meshlint.reports.findings.summary import summary_lines
from meshlint.traffic.reach import nested, rivals, virtual_services

NOTE = "Too much to compare, so that a finding may be missing: "
ROUTES = """\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {{name: vs{number}, namespace: shop}}
spec:
  hosts: [shop.example.com]
  gateways: [shop/front]
  http:
  - match: [{{uri: {{prefix: /a{number}}}}}]
    route: [{{destination: {{host: a.shop.svc.cluster.local}}}}]
  - match: [{{uri: {{prefix: /a}}}}]
    route: [{{destination: {{host: b{number}.shop.svc.cluster.local}}}}]
  - match: [{{uri: {{prefix: /a{number}/c}}}}]
    route: [{{destination: {{host: c.shop.svc.cluster.local}}}}]
"""


def outcome() -> Outcome:
    return check_texts({f"{number}.yaml": ROUTES.format(number=number) for number in range(4)})


def test_nothing_is_said_where_all_is_compared() -> None:
    assert [note for note in outcome().summary.notes if note.startswith(NOTE)] == []


@pytest.mark.parametrize(
    ("module", "what"),
    [
        (nested, "matches of VirtualServices that share a gateway"),
        (rivals, "matches of VirtualServices that share a gateway"),
        (virtual_services, "matches within one VirtualService"),
    ],
)
def test_what_is_left_off_is_said(monkeypatch: pytest.MonkeyPatch, module: object, what: str) -> None:
    monkeypatch.setattr(module, "_MOST_COMPARISONS", 1)
    found = outcome()
    assert f"{NOTE}{what}" in found.summary.notes
    told = json.loads("\n".join(writer("json")(found, ReportOptions())))
    assert f"{NOTE}{what}" in told["summary"]["notes"]
    assert what in "".join(summary_lines(found, ReportOptions()))


COMPLEX = ("(a|b)*a(a|b){24}", "(b|a)*a(b|a){24}")
"""Two forms of one set of texts, which a machine would need millions of states to tell."""
VIRTUAL_SERVICE = """\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: shop, namespace: shop}
spec:
  hosts: [shop.example.com]
  gateways: [shop/front]
  http:
  - match: [{uri: {regex: "%s"}}]
    route: [{destination: {host: a.shop.svc.cluster.local}}]
  - match: [{uri: {regex: "%s"}}]
    route: [{destination: {host: b.shop.svc.cluster.local}}]
"""
HTTP_ROUTE = """\
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: front, namespace: shop}
spec: {gatewayClassName: istio, listeners: [{name: http, port: 80, protocol: HTTP}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop, namespace: shop}
spec:
  parentRefs: [{name: front}]
  rules:
  - matches: [{path: {type: RegularExpression, value: "%s"}}]
    backendRefs: [{name: a, port: 80}]
  - matches: [{path: {type: RegularExpression, value: "%s"}}]
    backendRefs: [{name: b, port: 80}]
"""


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (VIRTUAL_SERVICE, "patterns of matches that are too complex"),
        (HTTP_ROUTE, "matches of routes for one listener and host"),
    ],
)
def test_patterns_that_are_too_complex_are_said(text: str, what: str) -> None:
    assert f"{NOTE}{what}" in check_texts({"a.yaml": text % COMPLEX}).summary.notes
    assert f"{NOTE}{what}" not in check_texts({"a.yaml": text % ("/a.*", "/b.*")}).summary.notes
