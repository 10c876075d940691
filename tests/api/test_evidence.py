"""What an earlier revision held the set could show: a reference to it that leads nowhere is news."""

from __future__ import annotations

import pytest

from meshlint.api import CheckOptions, read_texts
from meshlint.api.judging.checking import check_project, plan_of
from meshlint.api.reading.evidence import since

Files = dict[str, str]

SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: NAME}\nspec: {ports: [{name: http, port: 80}]}\n"
ROUTE = """\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: edge}
spec:
  hosts: [shop.example.com]
  gateways: [edge]
  http:
    - route: [{destination: {host: HOST}}]
"""
GATEWAY = """\
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: edge}
spec: {selector: {app: edge}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"]}]}
"""
SPLIT = """\
apiVersion: v1
kind: Namespace
metadata: {name: shop, annotations: {linkerd.io/inject: enabled}}
---
apiVersion: split.smi-spec.io/v1alpha2
kind: TrafficSplit
metadata: {name: web, namespace: shop}
spec: {service: web, backends: [{service: web, weight: 50}, {service: web-2, weight: 50}]}
"""


def service(name: str) -> str:
    return SERVICE.replace("NAME", name)


def in_shop(text: str) -> str:
    return text.replace("}\nspec", ", namespace: shop}\nspec", 1)


def route(host: str) -> str:
    return ROUTE.replace("HOST", host)


APART: Files = {"a/web.yaml": service("frontend"), "b/edge.yaml": route("frontend"), "b/gw.yaml": GATEWAY}
"""A route and its Service in sibling directories, neither of which names its namespace."""


def new_rules(before: Files, after: Files) -> list[str]:
    """The rules that speak of the second set and not of the first, as `check --since` tells."""
    options = CheckOptions()
    plan = plan_of(options)
    old, now = read_texts(before), read_texts(after)
    known = {(one.rule, one.message) for one in check_project(old, plan).findings}
    told = check_project(since(now, old), plan).findings
    return sorted(one.rule for one in told if (one.rule, one.message) not in known)


def alone(files: Files) -> list[str]:
    return [one.rule for one in check_project(read_texts(files), plan_of(CheckOptions())).findings]


def test_a_misspelt_host_whose_service_stands_in_a_sibling_directory() -> None:
    slipped = {**APART, "b/edge.yaml": route("fronted")}
    assert "ROUTE010" not in alone(slipped)
    assert new_rules(APART, slipped) == ["ROUTE010"]


def test_a_deleted_service_of_a_sibling_directory() -> None:
    left = {path: text for path, text in APART.items() if path != "a/web.yaml"}
    assert "ROUTE010" not in alone(left)
    assert new_rules(APART, left) == ["ROUTE010"]


def test_a_deleted_gateway() -> None:
    left = {path: text for path, text in APART.items() if path != "b/gw.yaml"}
    assert "ROUTE020" not in alone(left)
    assert new_rules(APART, left) == ["ROUTE020"]


def test_a_deleted_version_of_which_another_one_is_left() -> None:
    before = {"web.yaml": in_shop(service("web")), "two.yaml": in_shop(service("web-2")), "split.yaml": SPLIT}
    left = {path: text for path, text in before.items() if path != "two.yaml"}
    assert "ROUTE303" not in alone(left)
    assert new_rules(before, left) == ["ROUTE303"]


@pytest.mark.parametrize(
    "after",
    [
        pytest.param({**APART, "c/more.yaml": service("other")}, id="an unrelated object"),
        pytest.param(
            {"c/web.yaml": APART["a/web.yaml"], **{k: APART[k] for k in list(APART)[1:]}}, id="moved"
        ),
        pytest.param({**APART, "b/edge.yaml": route("payments.bank.svc.cluster.local")}, id="elsewhere"),
        pytest.param(
            {**APART, "b/new.yaml": route("fronted").replace("edge}", "new}").replace("shop.e", "new.e")},
            id="a new route, of which nothing was ever seen to be complete",
        ),
    ],
)
def test_nothing_else_is_news(after: Files) -> None:
    assert new_rules(APART, after) == []


def test_what_can_be_read_no_longer_may_be_there_still() -> None:
    broken = {**APART, "a/web.yaml": "apiVersion: v1\nkind: Service\nmetadata: {name: [frontend\n"}
    assert "ROUTE010" not in new_rules(APART, broken)


def test_a_set_beside_itself_says_nothing_new() -> None:
    assert new_rules(APART, APART) == []
    missing = {**APART, "b/edge.yaml": route("fronted")}
    assert new_rules(missing, missing) == []
