"""What holds for every set of routes: order of files, reach, and shares."""

from __future__ import annotations

import json
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from meshlint.mesh import Mesh
from meshlint.traffic.reach.virtual_services import reach
from meshlint.traffic.request import Client, Request
from meshlint.traffic.ways.proxied import way
from meshlint.traffic.ways.way import Way
from tests.traffic.worlds import mesh, service

HOST = "reviews.shop.svc.cluster.local"
EDGE = Client("ingress", gateways=frozenset({"shop/edge"}))
PATHS = ("/", "/a", "/ab", "/a/", "/a/b", "/b", "/A")
VALUES = ("x", "y", "xy", "")

texts = st.one_of(
    st.builds(lambda value: {"exact": value}, st.sampled_from(VALUES[:3])),
    st.builds(lambda value: {"prefix": value}, st.sampled_from(VALUES[:2])),
    st.sampled_from([{"regex": "x.*"}, {"regex": "x|y"}, {"regex": ".*"}]),
)
uris = st.one_of(
    st.builds(lambda path: {"exact": path}, st.sampled_from(PATHS)),
    st.builds(lambda path: {"prefix": path}, st.sampled_from(PATHS)),
    st.sampled_from([{"regex": "/a.*"}, {"regex": "/(a|b)"}, {"regex": ".*"}]),
)
matches = st.fixed_dictionaries(
    {},
    optional={
        "uri": uris,
        "ignoreUriCase": st.booleans(),
        "method": st.sampled_from([{"exact": "GET"}, {"prefix": "P"}, {"regex": "GET|PUT"}]),
        "headers": st.dictionaries(st.sampled_from(["k", "l"]), texts, min_size=1, max_size=2),
        "withoutHeaders": st.dictionaries(st.sampled_from(["k", "l"]), texts, min_size=1, max_size=1),
        "queryParams": st.dictionaries(st.sampled_from(["q"]), texts, min_size=1, max_size=1),
        "sourceLabels": st.sampled_from([{"app": "a"}, {"app": "b"}]),
        "port": st.sampled_from([80, 81]),
    },
)
destinations = st.builds(
    lambda name, weight: (
        {"destination": {"host": f"{name}.test"}} | ({} if weight is None else {"weight": weight})
    ),
    st.sampled_from("cde"),
    st.sampled_from([None, 0, 1, 3, 50, 100]),
)
actions = st.one_of(
    st.builds(lambda route: {"route": route}, st.lists(destinations, min_size=1, max_size=4)),
    st.sampled_from([{"redirect": {"uri": "/r"}}, {"directResponse": {"status": 418}}]),
)
routes = st.builds(
    lambda match, action: ({"match": match} if match else {}) | action,
    st.lists(matches, max_size=3),
    actions,
)
lists = st.lists(routes, min_size=1, max_size=6)
requests = st.builds(
    lambda path, query, method, headers, port: Request(
        HOST, port, path + (f"?q={query}" if query else ""), method, headers=tuple(headers)
    ),
    st.sampled_from(PATHS),
    st.sampled_from(VALUES),
    st.sampled_from(["GET", "PUT", "POST"]),
    st.lists(st.tuples(st.sampled_from(["k", "l", "m"]), st.sampled_from(VALUES)), max_size=3),
    st.sampled_from([80, 81]),
)
clients = st.sampled_from([Client("shop", {"app": "a"}), Client("web"), EDGE])
hosts = st.lists(
    st.sampled_from([HOST, "*.shop.svc.cluster.local", "*.local"]), min_size=1, max_size=1, unique=True
)
visible = st.sampled_from([{}, {"exportTo": ["."]}, {"exportTo": ["web"]}, {"exportTo": ["*"]}])
bound = st.sampled_from([{}, {"gateways": ["edge"]}, {"gateways": ["mesh", "edge"]}])
objects = st.builds(
    lambda namespace, spec_hosts, http, shown, gateways: (
        namespace,
        {"hosts": spec_hosts, "http": http} | shown | gateways,
    ),
    st.sampled_from(["shop", "web"]),
    hosts,
    lists,
    visible,
    bound,
)

PORTS = "[{name: http, port: 80}, {name: http-b, port: 81}]"
GATEWAY: dict[str, Any] = {
    "apiVersion": "networking.istio.io/v1",
    "kind": "Gateway",
    "metadata": {"name": "edge", "namespace": "shop"},
    "spec": {
        "selector": {"istio": "edge"},
        "servers": [
            {"port": {"number": number, "name": f"h{number}", "protocol": "HTTP"}, "hosts": ["*"]}
            for number in (80, 81)
        ],
    },
}


def _object(name: str, namespace: str, spec: dict[str, Any]) -> str:
    metadata = {"name": name, "namespace": namespace}
    return json.dumps(
        {
            "apiVersion": "networking.istio.io/v1",
            "kind": "VirtualService",
            "metadata": metadata,
            "spec": spec,
        }
    )


def _mesh(*texts_of_objects: str) -> Mesh:
    return mesh(service("reviews", ports=PORTS), json.dumps(GATEWAY), *texts_of_objects)


def _single(http: Sequence[Any]) -> Mesh:
    return _mesh(_object("v", "shop", {"hosts": [HOST], "http": http, "gateways": ["mesh", "edge"]}))


def _told(found: Way) -> object:
    """All of a way that a user sees, but for places in the text."""
    entry = found.entry
    winner = None if entry is None else (str(entry.owner), entry.rule.path, entry.at.path)
    hops = [(hop.host, hop.port, hop.part, hop.status) for hop in found.hops]
    return winner, hops, found.status, found.reason, found.undecided


def _position(found: Way) -> object:
    return None if found.entry is None else found.entry.rule.path[-1]


@settings(max_examples=100)
@given(st.lists(objects, min_size=1, max_size=4), requests, clients, st.randoms(use_true_random=False))
def test_the_order_of_files_never_matters(
    found: list[tuple[str, dict[str, Any]]], request: Request, client: Client, random: Any
) -> None:
    written = [_object(f"v{number}", namespace, spec) for number, (namespace, spec) in enumerate(found)]
    shuffled = list(written)
    random.shuffle(shuffled)
    assert _told(way(_mesh(*written), client, request)) == _told(way(_mesh(*shuffled), client, request))


@settings(max_examples=100)
@given(lists, routes, requests, clients)
def test_a_later_route_takes_nothing_from_an_earlier_one(
    http: list[Any], later: Any, request: Request, client: Client
) -> None:
    before = way(_single(http), client, request)
    after = way(_single([*http, later]), client, request)
    if before.entry is not None and before.entry.owner.kind == "VirtualService":
        assert _told(before) == _told(after)
    assert _unreachable(http) == [
        position for position in _unreachable([*http, later]) if position < len(http)
    ]


@settings(max_examples=100)
@given(lists, requests, clients)
def test_without_an_unreachable_route_every_request_goes_where_it_went(
    http: list[Any], request: Request, client: Client
) -> None:
    gone = _unreachable(http)
    kept = [position for position in range(len(http)) if position not in gone]
    before = way(_single(http), client, request)
    after = way(_single([http[position] for position in kept]), client, request)
    assert _position(before) not in gone
    again = _position(after)
    assert _position(before) == (kept[again] if isinstance(again, int) else again)
    assert [hop.host for hop in before.hops] == [hop.host for hop in after.hops]


@settings(max_examples=100)
@given(lists, requests, clients)
def test_the_shares_of_a_route_add_up(http: list[Any], request: Request, client: Client) -> None:
    found = way(_single(http), client, request)
    if found.hops:
        assert sum((hop.part for hop in found.hops), Fraction(0)) == 1
        assert all(hop.part > 0 for hop in found.hops)


def _unreachable(http: Sequence[Any]) -> list[int]:
    (only,) = _single(http).virtual_services
    return sorted(int(str(one.route.path[-1])) for one in reach(only).routes)
