from __future__ import annotations

import json

from meshlint.reports import ReportOptions
from meshlint.reports.graph import write_graph
from meshlint.reports.picture import Call, Link, Node, Picture
from tests.reports.test_snapshots import agree

PICTURE = Picture(
    nodes=(
        Node("Service shop/reviews", "service", "reviews", "shop"),
        Node("Deployment shop/reviews-v1", "workload", "reviews-v1", "shop"),
        Node("AuthorizationPolicy shop/a", "policy", 'a "quoted" #name', "shop"),
        Node("host api.example.com", "external host", "api.example.com"),
    ),
    links=(
        Link("Deployment shop/reviews-v1", "Service shop/reviews", "backs"),
        Link("Service shop/reviews", "host api.example.com", "routes to", "90 %"),
    ),
    calls=(
        Call(
            "shop/web",
            "shop/reviews",
            "9080",
            "shop/web",
            "shop/reviews",
            "mutual TLS",
            "PeerAuthentication shop/default",
        ),
        Call("", "shop/legacy", "80", "", "", "plaintext"),
    ),
)


def lines(format_name: str, picture: Picture = PICTURE) -> list[str]:
    return list(write_graph(picture, format_name, ReportOptions()))


def test_drawings() -> None:
    for format_name in ("table", "dot", "mermaid"):
        agree(f"graph.{format_name}.txt", lines(format_name))


def test_json_holds_everything() -> None:
    drawn = json.loads("\n".join(lines("json")))
    assert [len(drawn[part]) for part in ("nodes", "links", "calls")] == [4, 2, 2]


def test_a_mesh_without_calls_has_an_empty_table() -> None:
    assert lines("table", Picture()) == []


def test_columns_that_are_empty_throughout_are_left_out() -> None:
    assert lines("table", Picture(calls=(Call("a/b", "c/d"),))) == ["CLIENT  SERVER", "a/b     c/d"]
