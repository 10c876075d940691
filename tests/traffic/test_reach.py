"""Which routes are never reached."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from meshlint.mesh import Mesh
from meshlint.traffic.reach.virtual_services import reach
from meshlint.traffic.request import Client, Request
from meshlint.traffic.tables.istio.sidecars import sidecar_table
from meshlint.traffic.ways.following import choose
from tests.traffic.worlds import mesh

PATHS = st.sampled_from(["/", "/a", "/a/", "/ab", "/a/b", "/A"])
TESTS = st.one_of(
    st.builds(lambda path: {"exact": path}, PATHS),
    st.builds(lambda path: {"prefix": path}, PATHS),
    st.sampled_from([{"regex": ".*"}, {"regex": "/a.*"}, {"regex": "/(a|b)"}]),
)
METHODS = st.sampled_from([{"exact": "GET"}, {"exact": "POST"}, {"regex": "GET|POST"}, {"regex": "[^G].*"}])
VALUES = st.sampled_from([{"exact": "v"}, {"prefix": "v"}, {}, {"regex": "v\\d"}])
MATCHES = st.fixed_dictionaries(
    {},
    optional={
        "uri": TESTS,
        "method": METHODS,
        "headers": st.builds(lambda value: {"x": value}, VALUES),
        "withoutHeaders": st.builds(lambda value: {"x": value}, VALUES),
        "queryParams": st.builds(lambda value: {"q": value}, VALUES),
        "port": st.sampled_from([80, 8080]),
        "sourceLabels": st.sampled_from([{"app": "a"}, {"app": "a", "v": "1"}]),
        "ignoreUriCase": st.just(True),
    },
)
ROUTES = st.lists(st.lists(MATCHES, max_size=2), min_size=1, max_size=5)
REQUESTS = st.builds(
    lambda path, method, values, query: Request(
        "h.test",
        path=path + query,
        method=method,
        headers=tuple(("x", value) for value in values),
    ),
    PATHS,
    st.sampled_from(["GET", "POST", "PUT", "G"]),
    st.lists(st.sampled_from(["v", "v1", "", "w"]), max_size=2),
    st.sampled_from(["", "?q=v", "?q=w", "?q=v1&q=v"]),
)
CLIENTS = st.sampled_from(
    [Client("shop"), Client("shop", {"app": "a"}), Client("web", {"app": "a", "v": "1"})]
)


def _mesh(routes: list[list[dict[str, Any]]], names: list[int] | None = None) -> Mesh:
    http = [
        ({"match": matches} if matches else {}) | {"route": [{"destination": {"host": f"d{name}"}}]}
        for name, matches in zip(names or range(len(routes)), routes, strict=True)
    ]
    text = {
        "apiVersion": "networking.istio.io/v1",
        "kind": "VirtualService",
        "metadata": {"name": "r", "namespace": "shop"},
        "spec": {"hosts": ["h.test"], "http": http},
    }
    return mesh(json.dumps(text))


def _chosen(routes: Mesh, client: Client, request: Request) -> str | None:
    table = sidecar_table(routes, client, "h.test", 80)
    entry = None if table is None else choose(table.entries, request)[0]
    return None if entry is None else str(entry.rule.value["route"])


def _unreachable(routes: Mesh) -> list[int]:
    (only,) = routes.virtual_services.all
    return [int(found.route.path[-1]) for found in reach(only).routes]


@given(ROUTES, REQUESTS, CLIENTS)
def test_an_unreachable_route_takes_no_request_and_can_go(
    routes: list[list[dict[str, Any]]], request: Request, client: Client
) -> None:
    whole = _mesh(routes)
    dead = _unreachable(whole)
    kept = [number for number in range(len(routes)) if number not in dead]
    rest = _mesh([routes[number] for number in kept], kept)
    chosen = _chosen(whole, client, request)
    assert chosen == _chosen(rest, client, request)
    assert all(f"'d{number}'" not in (chosen or "") for number in dead)


@given(ROUTES, st.lists(MATCHES, max_size=2))
def test_a_later_route_never_makes_an_earlier_one_unreachable(
    routes: list[list[dict[str, Any]]], later: list[dict[str, Any]]
) -> None:
    before = _unreachable(_mesh(routes))
    after = _unreachable(_mesh([*routes, later]))
    assert [number for number in after if number < len(routes)] == before


def test_two_routes_that_use_up_a_third_between_them_hide_it() -> None:
    routes = [
        [{"method": {"exact": "GET"}}],
        [{"method": {"regex": "(?s)([^G].*|G[^E].*|GE[^T].*|GET.+|G|GE|)"}}],
        [],
    ]
    assert _unreachable(_mesh(routes)) == [2]


def test_sources_and_ports_keep_routes_apart() -> None:
    assert _unreachable(_mesh([[{"port": 80}], []])) == []
    assert _unreachable(_mesh([[{"sourceLabels": {"app": "a"}}], [{"port": 80}], []])) == []
    assert _unreachable(_mesh([[{"port": 80}], [{"port": 80, "sourceLabels": {"app": "a"}}]])) == [1]


def test_server_names_and_addresses_keep_connections_apart() -> None:
    def unreachable(key: str, *values: str) -> int:
        matches = [
            {key: [value], **({"sniHosts": ["a.test"]} if key != "sniHosts" else {})} for value in values
        ]
        routes = [{"match": [one], "route": [{"destination": {"host": "a"}}]} for one in matches]
        manifest = {
            "apiVersion": "networking.istio.io/v1",
            "kind": "VirtualService",
            "metadata": {"name": "a", "namespace": "shop"},
            "spec": {"hosts": ["*.test"], "gateways": ["edge"], "tls": routes},
        }
        (only,) = mesh(json.dumps(manifest)).virtual_services
        return len(reach(only).routes)

    assert unreachable("sniHosts", "a.test", "b.test", "c.test") == 0
    assert unreachable("sniHosts", "*.test", "b.test") == 1
    assert unreachable("destinationSubnets", "10.1.0.0/16", "10.2.0.0/16", "10.3.0.0/16") == 0


def test_a_thousand_routes_are_looked_through() -> None:
    routes: list[list[dict[str, Any]]] = [[{"uri": {"prefix": f"/r{number:04}/"}}] for number in range(1000)]
    assert _unreachable(_mesh([*routes, [{"uri": {"exact": "/r0500/x"}}]])) == [1000]
