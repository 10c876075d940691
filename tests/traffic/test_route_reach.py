"""What routes of the Gateway API leave of each other, and where their redirects end."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meshlint.mesh import Mesh
from meshlint.mesh.names.expansion import ServiceName
from meshlint.traffic.reach.loops import route_loops
from meshlint.traffic.reach.partly import partly_taken
from meshlint.traffic.reach.redirects import redirect_loops
from meshlint.traffic.request import Request
from meshlint.traffic.status.statuses import Statuses
from meshlint.traffic.tables.gateway_api.gateways import kubernetes_gateway_table
from meshlint.traffic.tables.gateway_api.routes import service_table
from tests.traffic.worlds import mesh

API = {"path": {"value": "/api"}}
HEADED = {"headers": [{"name": "x", "value": "y"}]}
PATTERN = {"path": {"type": "RegularExpression", "value": "/(api|shop)/v1/.*"}}
PATHS = st.sampled_from(["/", "/api", "/shop", "/api/v1", "/api/v1/x"])
MATCHES = st.fixed_dictionaries(
    {
        "path": st.one_of(
            st.builds(
                lambda value, kind: {"type": kind, "value": value},
                PATHS,
                st.sampled_from(["Exact", "PathPrefix"]),
            ),
            st.sampled_from(["/(api|shop)/v1/.*", "/api/v[0-9]/.*", ".*", "/shop|/api"]).map(
                lambda value: {"type": "RegularExpression", "value": value}
            ),
        )
    },
    optional={"headers": st.just(HEADED["headers"]), "method": st.sampled_from(["GET", "POST"])},
)
REDIRECTS = st.fixed_dictionaries(
    {},
    optional={
        "hostname": st.just("shop.example.com"),
        "path": st.one_of(
            st.builds(lambda to: {"type": "ReplaceFullPath", "replaceFullPath": to}, PATHS),
            st.builds(lambda to: {"type": "ReplacePrefixMatch", "replacePrefixMatch": to}, PATHS),
        ),
    },
)


def rule(backend: str, *matches: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"matches": list(matches), "backendRefs": [{"name": backend, "port": 80}], **more}


def redirect(setting: dict[str, Any], *matches: dict[str, Any]) -> dict[str, Any]:
    return {
        "matches": list(matches),
        "filters": [{"type": "RequestRedirect", "requestRedirect": {"statusCode": 301, **setting}}],
    }


def world(*routes: list[dict[str, Any]], gateway: dict[str, Any] | None = None) -> Mesh:
    listeners = [{"name": "http", "port": 80, "protocol": "HTTP"}]
    edge = {"gatewayClassName": "istio", "listeners": listeners, **(gateway or {})}
    kinds = [("Gateway", "edge", edge)]
    for number, rules in enumerate(routes):
        spec = {"parentRefs": [{"name": "edge"}], "hostnames": ["shop.example.com"], "rules": rules}
        kinds.append(("HTTPRoute", f"route-{number}", spec))
    documents = (
        {
            "apiVersion": "gateway.networking.k8s.io/v1",
            "kind": kind,
            "metadata": {"name": name, "namespace": "shop"},
            "spec": spec,
        }
        for kind, name, spec in kinds
    )
    return mesh("\n---\n".join(json.dumps(one) for one in documents))


def parts(found: Mesh) -> list[str]:
    return [one.part.name for one in partly_taken(found, Statuses(found))]


def first(found: Mesh, request: Request) -> Any:
    table = kubernetes_gateway_table(found, found.kubernetes_gateways[0], request.host, request.port)
    assert table is not None
    return next((one for one in table.entries if one.condition.admits(request)), None)


@pytest.mark.parametrize(
    ("rules", "told"),
    [
        ([rule("a", PATTERN), rule("b", API)], ["SPELT"]),
        ([rule("b", PATTERN), rule("b", API)], []),
        ([rule("a", PATTERN), rule("b", {**API, **HEADED})], []),
        ([rule("a", {"path": {"type": "RegularExpression", "value": "/[a-z]+/v1"}}), rule("b", API)], []),
        (
            [
                rule("a", {"path": {"type": "RegularExpression", "value": "/v[0-9]/x"}}),
                rule("b", {"path": {"value": "/v1"}}),
            ],
            [],
        ),
        ([rule("new", HEADED), rule("old", API), rule("old")], ["LONGER"]),
        ([rule("old", API), rule("new", HEADED), rule("old")], []),
        ([rule("new", HEADED), rule("api", API), rule("old")], []),
        ([rule("new", HEADED), rule("old"), rule("old", API)], []),
        ([rule("new", HEADED, {**API, **HEADED}), rule("old", API), rule("old")], []),
    ],
)
def test_a_part_is_told_only_where_the_text_counts_on_it(
    rules: list[dict[str, Any]], told: list[str]
) -> None:
    assert parts(world(rules)) == told


def test_the_wider_match_of_one_rank_in_another_route_may_be_the_older() -> None:
    wide = {"headers": [{"name": "x", "type": "RegularExpression", "value": ".+"}]}
    assert parts(world([rule("new", HEADED)], [rule("old", wide)])) == ["AGE"]
    assert parts(world([rule("new", HEADED), rule("old", wide)])) == []
    assert parts(world([rule("same", HEADED)], [rule("same", wide)])) == []


@given(st.lists(st.builds(rule, st.sampled_from("ab"), MATCHES), min_size=2, max_size=5))
def test_a_part_that_is_taken_goes_elsewhere(rules: list[dict[str, Any]]) -> None:
    found = world(rules)
    for one in partly_taken(found, Statuses(found)):
        path = (one.entry.condition.path & one.by.condition.path).example()
        method = one.entry.condition.method.example() or "GET"
        headers = tuple((name, "y") for name in one.entry.condition.headers)
        request = Request("shop.example.com", path=path or "/", method=method, headers=headers)
        assert one.entry.condition.admits(request)
        assert first(found, request).at.path != one.entry.at.path


@given(
    st.lists(
        st.one_of(st.builds(redirect, REDIRECTS, MATCHES), st.builds(rule, st.just("a"), MATCHES)), max_size=4
    )
)
def test_a_loop_comes_back_to_its_own_rule(rules: list[dict[str, Any]]) -> None:
    found = world(rules)
    for loop in route_loops(found, Statuses(found)):
        match = loop.redirect.path
        number = int(match[2])
        test = rules[number]["matches"][0]
        path = test["path"]["value"]
        headers = tuple((one["name"], one["value"]) for one in test.get("headers", ()))
        setting = rules[number]["filters"][0]["requestRedirect"]
        for _ in range(4):
            taker = first(
                found,
                Request("shop.example.com", path=path, method=test.get("method", "GET"), headers=headers),
            )
            assert taker is not None
            assert taker.rule.path == match[: len(taker.rule.path)]
            path = _led(test["path"]["value"], setting.get("path", {}), path)


def _led(matched: str, change: dict[str, str], path: str) -> str:
    if "replaceFullPath" in change:
        return change["replaceFullPath"]
    if "replacePrefixMatch" not in change:
        return path
    rest = path.removeprefix("/" if matched == "/" else matched.rstrip("/"))
    return (change["replacePrefixMatch"].rstrip("/") + rest) or "/"


@pytest.mark.parametrize(
    ("listener", "notes", "loops"),
    [
        ({"name": "web", "port": 443, "protocol": "HTTP"}, {"ssl-cert": "arn"}, True),
        ({"name": "web", "port": 443, "protocol": "HTTP"}, {"ssl-cert": "arn", "ssl-ports": "443"}, True),
        ({"name": "web", "port": 443, "protocol": "HTTP"}, {"ssl-cert": "arn", "ssl-ports": "8443"}, False),
        ({"name": "web", "port": 443, "protocol": "HTTP"}, {}, False),
        ({"name": "web", "port": 80, "protocol": "HTTP"}, {"ssl-cert": "arn"}, False),
    ],
)
def test_a_balancer_that_ends_tls_makes_a_redirect_to_https_a_loop(
    listener: dict[str, Any], notes: dict[str, str], loops: bool
) -> None:
    annotations = {f"service.beta.kubernetes.io/aws-load-balancer-{key}": one for key, one in notes.items()}
    gateway = {"listeners": [listener], "infrastructure": {"annotations": annotations}}
    found = world([redirect({"scheme": "https"})], gateway=gateway)
    assert bool(list(route_loops(found, Statuses(found)))) is loops


@pytest.mark.parametrize(("earlier", "loops"), [({"exact": "/home"}, False), ({"prefix": "/other"}, True)])
def test_a_redirect_ends_where_an_earlier_route_takes_its_path(earlier: dict[str, str], loops: bool) -> None:
    spec = {
        "hosts": ["shop.example.com"],
        "gateways": ["edge"],
        "http": [
            {"match": [{"uri": earlier}], "route": [{"destination": {"host": "web"}}]},
            {"match": [{"uri": {"prefix": "/"}}], "redirect": {"uri": "/home"}},
        ],
    }
    document = {
        "apiVersion": "networking.istio.io/v1",
        "kind": "VirtualService",
        "metadata": {"name": "web", "namespace": "shop"},
        "spec": spec,
    }
    assert bool(list(redirect_loops(mesh(json.dumps(document))))) is loops


@pytest.mark.parametrize(("kind", "served"), [("RequestHeaderModifier", True), ("URLRewrite", False)])
def test_a_filter_that_istio_does_not_know_takes_the_whole_route_out(kind: str, served: bool) -> None:
    strange = {"backendRefs": [{"name": "web", "port": 80, "filters": [{"type": kind}]}]}
    found = world([rule("a", API), strange])
    table = kubernetes_gateway_table(found, found.kubernetes_gateways[0], "shop.example.com", 80)
    assert table is not None
    assert bool(table.entries) is served


@pytest.mark.parametrize(("kind", "served"), [("RequestHeaderModifier", True), ("URLRewrite", False)])
def test_a_service_is_called_as_if_there_were_no_route_that_istio_does_not_read(
    kind: str, served: bool
) -> None:
    document = {
        "apiVersion": "gateway.networking.k8s.io/v1",
        "kind": "HTTPRoute",
        "metadata": {"name": "web", "namespace": "shop"},
        "spec": {
            "parentRefs": [{"group": "", "kind": "Service", "name": "web"}],
            "rules": [{"backendRefs": [{"name": "new", "port": 80, "filters": [{"type": kind}]}]}],
        },
    }
    found = service_table(mesh(json.dumps(document)), "shop", ServiceName("shop", "web"), 80)
    assert (found is not None) is served
