from __future__ import annotations

import json

import pytest

from meshlint.api import read_texts
from meshlint.api.overviews.picture import picture
from meshlint.reports import ReportOptions
from meshlint.reports.graph.picture import Call, Link, Node, Picture
from meshlint.reports.graph.report import write_graph
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
        Link("Deployment shop/reviews-v1", "host api.example.com", "calls", "", "mutual TLS", "in part"),
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
            "in part",
        ),
        Call("", "shop/legacy", "80", "", "", "plaintext"),
    ),
)

CALLING = """\
apiVersion: v1
kind: Service
metadata: {name: pay, namespace: shop}
spec:
  selector: {app: pay}
  ports: [{port: 80}]
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  containers:
  - {name: web, image: web, env: [{name: PAY, value: "http://pay:80"}]}
"""


def lines(format_name: str, picture: Picture = PICTURE) -> list[str]:
    return list(write_graph(picture, format_name, ReportOptions()))


def test_drawings() -> None:
    for format_name in ("table", "dot", "mermaid"):
        agree(f"graph.{format_name}.txt", lines(format_name))


def test_json_holds_everything() -> None:
    drawn = json.loads("\n".join(lines("json")))
    assert [len(drawn[part]) for part in ("nodes", "links", "calls")] == [4, 3, 2]


def test_a_mesh_without_calls_has_an_empty_table() -> None:
    assert lines("table", Picture()) == []


def test_columns_that_are_empty_throughout_are_left_out() -> None:
    assert lines("table", Picture(calls=(Call("a/b", "c/d"),))) == ["CLIENT  SERVER", "a/b     c/d"]


@pytest.mark.parametrize(
    ("transport", "access", "color"),
    [
        ("mutual TLS", "allowed", "#2e7d32"),
        ("mutual TLS", "allowed / in part", "#757575"),
        ("mutual TLS", "denied", "#c62828"),
        ("broken", "denied", "#c62828"),
        ("plaintext", "allowed", "#ef6c00"),
        ("mutual TLS / plaintext", "allowed", "#ef6c00"),
        ("depends", "depends", "#757575"),
    ],
)
def test_calls_have_the_colour_of_what_comes_of_them(transport: str, access: str, color: str) -> None:
    nodes = (Node("a", "workload", "a"), Node("b", "service", "b"))
    picture = Picture(nodes, (Link("a", "b", "calls", "", transport, access), Link("a", "b", "backs")))
    words = f"calls, {transport}, {access}"
    dot, mermaid = lines("dot", picture), lines("mermaid", picture)
    assert f'  "a" -> "b" [label="{words}", color="{color}"]' in dot
    assert '  "a" -> "b" [label="backs"]' in dot
    assert [line for line in mermaid if "linkStyle" in line] == [f"  linkStyle 0 stroke:{color}"]


def test_the_table_is_coloured_on_a_terminal() -> None:
    picture = Picture(calls=(Call("a/b", "c/d", secured="plaintext", access="denied"),))
    (_, row) = write_graph(picture, "table", ReportOptions(color=True))
    assert "\x1b[1;33mplaintext\x1b[0m" in row
    assert "\x1b[1;31mdenied\x1b[0m" in row


def test_a_table_draws_nothing_but_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: object) -> None:
        raise AssertionError

    monkeypatch.setattr("meshlint.api.overviews.picture.mesh_graph", fail)
    drawn = picture(read_texts({"a.yaml": CALLING}))
    (_, row) = write_graph(drawn, "table", ReportOptions())
    assert row.split()[:2] == ["shop/web", "shop/pay"]
    with pytest.raises(AssertionError):
        list(write_graph(drawn, "json", ReportOptions()))
