from __future__ import annotations

import pytest

from meshlint.resources.gateway_api.route import connection_route, grpc_route, http_route
from tests.resources.reading import an_object, made_of

GATEWAY_API = "gateway.networking.k8s.io/v1"
REVIEWS = """
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: reviews, namespace: shop}
spec:
  hostnames: [shop.example.com]
  parentRefs:
  - {name: gw, namespace: infra, sectionName: https}
  - {group: "", kind: Service, name: reviews, port: 9080}
  rules:
  - name: split
    matches:
    - {path: {value: /v1}, method: GET, headers: [{name: a, value: b}]}
    - {queryParams: [{name: q, value: "1.*", type: RegularExpression}]}
    filters:
    - {type: RequestMirror, requestMirror: {backendRef: {name: shadow}}}
    - {type: URLRewrite}
    timeouts: {request: 1s}
    backendRefs:
    - {name: v1, port: 80, weight: 90, filters: [{type: RequestHeaderModifier}]}
    - {name: v2, port: 80}
    - {name: v3, port: 80, weight: 0, namespace: other, group: x.io, kind: Bucket}
"""


def test_parents_default_to_gateways_beside_the_route() -> None:
    gateway, service = http_route(an_object(REVIEWS)).parent_refs
    assert gateway.is_a("gateway.networking.k8s.io", "Gateway")
    assert (gateway.name, gateway.namespace, gateway.section_name, gateway.port) == (
        "gw",
        "infra",
        "https",
        None,
    )
    assert service.is_a("", "Service")
    assert (service.namespace, service.section_name, service.port) == ("shop", None, 9080)
    assert gateway.namespace.field
    assert not service.namespace.field


def test_a_parent_without_a_group_is_never_a_core_service() -> None:
    (parent,) = http_route(
        made_of(GATEWAY_API, "HTTPRoute", {"parentRefs": [{"kind": "Service"}]})
    ).parent_refs
    assert not parent.is_a("", "Service")
    assert parent.name is None


def test_backends_default_to_services_of_weight_one() -> None:
    first, second, third = http_route(an_object(REVIEWS)).rules[0].backend_refs
    assert [first.weight, second.weight, third.weight] == [90, 1, 0]
    assert (second.group, second.kind, second.namespace) == ("", "Service", "shop")
    assert (third.group, third.kind, third.namespace) == ("x.io", "Bucket", "other")
    assert "weight" in first.field
    assert "weight" not in second.field
    assert [one.type for one in first.filters] == ["RequestHeaderModifier"]


def test_matches_and_their_defaults() -> None:
    route = http_route(an_object(REVIEWS))
    first, second = route.rules[0].matches
    assert (first.path.type, first.path.value, first.method) == ("PathPrefix", "/v1", "GET")
    assert (first.headers[0].name, first.headers[0].value, first.headers[0].type) == ("a", "b", "Exact")
    assert (second.path.type, second.path.value) == ("PathPrefix", "/")
    assert second.query_params[0].type == "RegularExpression"
    assert not first.is_catch_all
    assert not second.is_catch_all


def test_only_a_mirror_filter_copies_requests() -> None:
    route = http_route(an_object(REVIEWS))
    mirror, rewrite = route.rules[0].filters
    assert mirror.mirror is not None
    assert mirror.mirror.text("name") == "shadow"
    assert rewrite.mirror is None
    assert route.rules[0].timeouts.text("request") == "1s"
    assert (route.kind, route.hostnames, route.rules[0].name) == ("HTTPRoute", ("shop.example.com",), "split")


@pytest.mark.parametrize("spec", [{}, {"rules": None}, {"rules": [{}]}, {"rules": [{"matches": []}]}])
def test_an_http_route_without_matches_takes_everything(spec: object) -> None:
    (rule,) = http_route(made_of(GATEWAY_API, "HTTPRoute", spec)).rules
    (match,) = rule.matches
    assert match.is_catch_all
    assert match.path.value == "/"
    assert rule.backend_refs == ()


def test_an_empty_list_of_rules_is_none() -> None:
    assert http_route(made_of(GATEWAY_API, "HTTPRoute", {"rules": []})).rules == ()


def test_a_grpc_rule_matches_calls() -> None:
    method = {"method": {"service": "a.B", "method": "", "type": "RegularExpression"}}
    spec = {"rules": [{"matches": [method, {"method": {"method": "Get"}}]}, {}]}
    first, second = grpc_route(made_of(GATEWAY_API, "GRPCRoute", spec)).rules
    assert [(m.service, m.method, m.type) for m in first.matches] == [
        ("a.B", None, "RegularExpression"),
        (None, "Get", "Exact"),
    ]
    assert [m.is_catch_all for m in first.matches] == [False, False]
    assert [m.is_catch_all for m in second.matches] == [True]
    assert grpc_route(made_of(GATEWAY_API, "GRPCRoute", {})).rules == ()


@pytest.mark.parametrize("kind", ["TLSRoute", "TCPRoute", "UDPRoute"])
def test_a_connection_route_takes_whatever_reaches_it(kind: str) -> None:
    spec = {"hostnames": ["a.example.com"], "rules": [{"backendRefs": [{"name": "db", "port": 5432}]}]}
    route = connection_route(made_of("gateway.networking.k8s.io/v1alpha2", kind, spec))
    (rule,) = route.rules
    assert [match.is_catch_all for match in rule.matches] == [True]
    assert [(ref.name, ref.port, ref.weight) for ref in rule.backend_refs] == [("db", 5432, 1)]
