"""How the way of a request is told."""

from __future__ import annotations

import json

import pytest
from jsonschema import Draft202012Validator

from meshlint.api import RouteRequest
from meshlint.reports import ReportOptions
from meshlint.reports.route.answer import RouteAnswer, RouteTableAnswer
from meshlint.reports.route.json import route_data
from meshlint.reports.route.report import write_route
from meshlint.reports.route.words import in_words
from tests.route.test_answer import AMBIENT, CANARY, EGRESS, HTTP_ROUTE, HTTPS, LISTENER, ROUTES, WAYPOINT
from tests.route.worlds import REVIEWS, WEB, ask, istio, linkerd, project
from tests.shared import PROJECT
from tests.traffic.worlds import destination_rule, gateway, virtual_service

SCHEMA = json.loads((PROJECT / "schemas" / "route.json").read_text(encoding="utf-8"))
TEXT = """\
GET http://reviews:80/api/x
  from Deployment shop/web, through Istio's proxy

Taken by
  VirtualService shop/reviews, http[1].match[1]
  3.yaml:8:37
  takes path exact '/api/x'

Tried before it
  3.yaml:6:25 http[0].match[0]: path prefix '/api', header end-user exact 'jason'
      it misses the header end-user, which is not there
  3.yaml:8:12 http[1].match[0]: method exact 'POST'
      it misses the method, which is 'GET'

Goes to
  100 %  post.test:80
         not known whether encrypted: the pods behind it are not in the files

In force
  timeout  2s (3.yaml:9:13)
  retries  up to 3 times more on 5xx, each within 500ms (3.yaml:9:17)
  fault    5 % of requests wait 1s (3.yaml:11:12)
  fault    10 % of requests are answered with status 503 instead (3.yaml:10:12)
  mirror   25 % of requests are copied to reviews.shop.svc.cluster.local v1 (3.yaml:12:25)
  rewrite  the matched part of the path becomes '/v2' (3.yaml:12:4)
  headers  of the request: set x-a; remove x-c (3.yaml:13:14)
  cors     preflight requests are answered by the proxy (3.yaml:13:56)"""
VIRTUAL = istio(virtual_service("reviews", http=ROUTES), destination_rule("reviews", subsets=("v1",)))
EDGE = istio(LISTENER % "nginx", HTTP_ROUTE % ("", "{name: edge}"))
ANSWERS: list[RouteAnswer | RouteTableAnswer] = [
    ask(istio(CANARY, destination_rule("reviews", subsets=("v1",)))),
    ask(VIRTUAL, path="/api/x"),
    ask(VIRTUAL, method="POST", headers=(("x", "y"),)),
    ask(VIRTUAL, "reveiws"),
    ask(VIRTUAL, "example.org"),
    ask(VIRTUAL, "reviews", port=4),
    ask(EDGE, "a.shop.test", "gateway/edge"),
    ask(istio(gateway("edge", servers=HTTPS)), "x.test", "gateway/edge"),
    ask(linkerd()),
    ask(linkerd(), port=81),
    ask(istio(*EGRESS), "api.test", path="/v1/x"),
    ask(project(AMBIENT % ", istio.io/use-waypoint: way", WAYPOINT, WEB, REVIEWS)),
    VIRTUAL.route_table(RouteRequest(client="web", host="reviews")),
    VIRTUAL.route_table(RouteRequest(client="web", host="reveiws")),
    EDGE.route_table(RouteRequest(client="gateway/edge", host="a.shop.test")),
]


@pytest.mark.parametrize("answer", ANSWERS)
def test_the_data_has_the_published_shape(answer: RouteAnswer | RouteTableAnswer) -> None:
    Draft202012Validator.check_schema(SCHEMA)
    data = json.loads("\n".join(write_route(answer, "json", ReportOptions())))
    assert list(Draft202012Validator(SCHEMA).iter_errors(data)) == []


@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize("width", [60, 80, 120])
def test_the_text_fits_the_screen_and_has_no_colour_unless_asked(
    answer: RouteAnswer | RouteTableAnswer, width: int
) -> None:
    lines = list(write_route(answer, "text", ReportOptions(width=width)))
    assert all("\x1b" not in line for line in lines)
    broken = [line for line in lines if len(line) > width and len(line.split()) > 1 + line.startswith(" ")]
    assert [line for line in broken if max(map(len, line.split())) < width // 2] == []
    assert any("\x1b" in line for line in write_route(answer, "text", ReportOptions(color=True)))


def test_shares_in_the_data_are_exact() -> None:
    (first, *_) = ANSWERS
    assert isinstance(first, RouteAnswer)
    data = route_data(first)
    assert [one["share"]["numerator"] / one["share"]["denominator"] for one in data["destinations"]] == [
        0.75,
        0.25,
    ]


def test_the_text_reads_well() -> None:
    text = "\n".join(write_route(ANSWERS[1], "text", ReportOptions(width=100)))
    assert text == TEXT


@pytest.mark.parametrize(
    ("match", "words"),
    [
        (None, "everything"),
        ({}, "everything"),
        ({"uri": {"prefix": "/a"}, "ignoreUriCase": True}, "path prefix '/a', ignoring case"),
        (
            {"headers": {"x": {}}, "withoutHeaders": {"y": {"regex": "a.*"}}},
            "header x present, no header y regex 'a.*'",
        ),
        ({"queryParams": {"q": {"exact": "1"}}, "port": 80}, "query parameter q exact '1', port 80"),
        (
            {"sourceLabels": {"app": "web"}, "gateways": ["mesh", "edge"]},
            "source labels app=web, gateways mesh, edge",
        ),
        ({"path": {"value": "/x"}}, "path prefix '/x'"),
        ({"method": {"service": "a.B"}}, "method a.B/*"),
        ({"sniHosts": ["a.test", "b.test"]}, "SNI a.test, b.test"),
        ({"not": {"method": "GET"}}, "not (method 'GET')"),
        ({"any": [{"method": "GET"}, {"pathRegex": "/a"}]}, "any of (method 'GET'; path regex '/a')"),
        ({"uri": 3, "headers": [1, None]}, "path 3, header 1, None"),
        ([], "everything"),
    ],
)
def test_a_match_in_words(match: object, words: str) -> None:
    assert in_words(match) == words
