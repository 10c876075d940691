"""Which requests a match takes: cases by hand from the reference (the paragraph stands in front)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from meshlint.documents import Field, read
from meshlint.resources.gateway_api.matches import grpc_matches, http_matches
from meshlint.resources.istio.http_match import http_match
from meshlint.traffic.conditions import gateway_api as gateway_api_matches
from meshlint.traffic.conditions.istio import condition_of
from meshlint.traffic.request import Request

ISTIO: list[tuple[str, dict[str, Any], dict[str, Any], bool]] = [
    ("3.3 uri", {"uri": {"exact": "/a"}}, {"path": "/a"}, True),
    ("3.3 uri", {"uri": {"exact": "/a"}}, {"path": "/a?x=1"}, True),
    ("3.3 uri", {"uri": {"exact": "/a"}}, {"path": "/a#f"}, True),
    ("3.3 uri", {"uri": {"exact": "/a"}}, {"path": "/a/"}, False),
    ("3.3 uri", {"uri": {"exact": "/a"}}, {"path": "/A"}, False),
    ("3.3 uri", {"uri": {"prefix": "/a"}}, {"path": "/ab"}, True),
    ("3.3 uri", {"uri": {"prefix": "/a"}}, {"path": "/a/b"}, True),
    ("3.3 uri", {"uri": {"prefix": "/a/"}}, {"path": "/a"}, False),
    ("3.3 uri", {"uri": {"prefix": "/"}}, {"path": "/x"}, True),
    ("3.3 uri", {"uri": {"prefix": ""}}, {"path": "/x"}, True),
    ("3.3 uri", {"uri": {"regex": "/a"}}, {"path": "/a"}, True),
    ("3.3 uri", {"uri": {"regex": "/a"}}, {"path": "/a/b"}, False),
    ("3.3 uri", {"uri": {"regex": "/a.*"}}, {"path": "/a/b"}, True),
    ("3.3 uri", {"uri": {"regex": "/a"}}, {"path": "/a?x"}, True),
    ("3.3 uri", {"uri": {"regex": "/a\\.b"}}, {"path": "/axb"}, False),
    ("3.3 uri", {"uri": {"regex": "/(?!a).*"}}, {"path": "/b"}, False),
    ("3.3 uri", {"uri": {"exact": "/a"}, "ignoreUriCase": True}, {"path": "/A"}, True),
    ("3.3 uri", {"uri": {"prefix": "/a"}, "ignoreUriCase": True}, {"path": "/AB"}, True),
    ("3.3 uri", {"uri": {"regex": "/a"}, "ignoreUriCase": True}, {"path": "/A"}, False),
    ("3.3 uri", {"uri": {}}, {"path": "/x"}, True),
    ("3.3 headers", {"headers": {"x": {"exact": "v"}}}, {"headers": (("x", "v"),)}, True),
    ("3.3 headers", {"headers": {"x": {"exact": "v"}}}, {"headers": (("X", "v"),)}, True),
    ("3.3 headers", {"headers": {"x": {"exact": "v"}}}, {"headers": (("x", "V"),)}, False),
    ("3.3 headers", {"headers": {"x": {"exact": "v"}}}, {}, False),
    ("3.3 headers", {"headers": {"x": {"prefix": "v"}}}, {"headers": (("x", "v1"),)}, True),
    ("3.3 headers", {"headers": {"x": {"regex": "v"}}}, {"headers": (("x", "v1"),)}, False),
    ("3.3 headers", {"headers": {"x": {"regex": ".*"}}}, {}, False),
    ("3.3 headers", {"headers": {"x": {"regex": ".*"}}}, {"headers": (("x", ""),)}, True),
    ("3.3 headers", {"headers": {"x": {"regex": "*"}}}, {"headers": (("x", ""),)}, True),
    ("3.3 headers", {"headers": {"x": {}}}, {"headers": (("x", ""),)}, True),
    ("3.3 headers", {"headers": {"x": {}}}, {}, False),
    ("3.3 headers", {"headers": {"x": {"exact": "a"}}}, {"headers": (("x", "b"), ("x", "a"))}, True),
    ("3.3 headers", {"headers": {"x": {"exact": "b,a"}}}, {"headers": (("x", "b"), ("x", "a"))}, False),
    ("3.3 headers", {"headers": {":method": {"exact": "GET"}}}, {}, True),
    ("3.3 headers", {"headers": {"method": {"exact": "GET"}}}, {}, False),
    ("3.3 withoutHeaders", {"withoutHeaders": {"x": {"exact": "v"}}}, {}, True),
    ("3.3 withoutHeaders", {"withoutHeaders": {"x": {"exact": "v"}}}, {"headers": (("x", "w"),)}, True),
    ("3.3 withoutHeaders", {"withoutHeaders": {"x": {"exact": "v"}}}, {"headers": (("x", "v"),)}, False),
    ("3.3 withoutHeaders", {"withoutHeaders": {"x": {"regex": ".*"}}}, {}, False),
    ("3.3 withoutHeaders", {"withoutHeaders": {"x": {"regex": ".*"}}}, {"headers": (("x", "v"),)}, False),
    ("3.3 withoutHeaders", {"withoutHeaders": {"x": {"regex": ".+"}}}, {}, True),
    ("3.3 withoutHeaders", {"withoutHeaders": {"x": {"exact": ""}}}, {}, False),
    ("3.3 withoutHeaders", {"withoutHeaders": {"x": {}}}, {}, True),
    ("3.3 withoutHeaders", {"withoutHeaders": {"x": {}}}, {"headers": (("x", ""),)}, False),
    ("3.3 withoutHeaders", {"withoutHeaders": {"x": {"regex": "*"}}}, {}, True),
    ("3.3 queryParams", {"queryParams": {"q": {"exact": "1"}}}, {"path": "/?q=1"}, True),
    ("3.3 queryParams", {"queryParams": {"q": {"exact": "1"}}}, {"path": "/?q=2&q=1"}, False),
    ("3.3 queryParams", {"queryParams": {"q": {"exact": "1"}}}, {"path": "/"}, False),
    ("3.3 queryParams", {"queryParams": {"q": {"prefix": "1"}}}, {"path": "/?q=12"}, True),
    ("3.3 queryParams", {"queryParams": {"q": {}}}, {"path": "/?q"}, True),
    ("3.3 queryParams", {"queryParams": {"q": {}}}, {"path": "/?r=1"}, False),
    ("3.3 queryParams", {"queryParams": {"q": {"regex": "[0-9]+"}}}, {"path": "/?q=x"}, False),
    ("3.3 method", {"method": {"exact": "GET"}}, {"method": "get"}, False),
    ("3.3 method", {"method": {"regex": "GET|POST"}}, {"method": "POST"}, True),
    ("3.3 method", {"method": {"prefix": "P"}}, {"method": "PUT"}, True),
    ("3.3 authority", {"authority": {"exact": "h"}}, {"port": 80}, True),
    ("3.3 authority", {"authority": {"exact": "h"}}, {"port": 8080}, False),
    ("3.3 authority", {"authority": {"exact": "H"}}, {}, False),
    ("3.3 authority", {"authority": {"prefix": "h:"}}, {"port": 8080}, True),
    ("3.3 scheme", {"scheme": {"exact": "https"}}, {}, False),
    ("2.5 claims", {"headers": {"@request.auth.claims.g": {"exact": "a"}}}, {}, False),
    ("3.3 match", {"uri": {"prefix": "/a"}, "method": {"exact": "GET"}}, {"path": "/a"}, True),
    ("3.3 match", {"uri": {"prefix": "/a"}, "method": {"exact": "POST"}}, {"path": "/a"}, False),
    ("3.3 match", {}, {"path": "/x"}, True),
]

CATCH_ALL: list[tuple[dict[str, Any], bool]] = [
    ({}, True),
    ({"uri": {"prefix": "/"}}, True),
    ({"uri": {"regex": ".*"}}, True),
    ({"uri": {"prefix": ""}}, False),
    ({"uri": {"regex": "/.*"}}, False),
    ({"method": {"regex": ".*"}}, False),
    ({"sourceLabels": {"app": "a"}}, True),
    ({"port": 80}, True),
]

GATEWAY_API: list[tuple[str, dict[str, Any], dict[str, Any], bool]] = [
    ("6.2 path", {}, {"path": "/x"}, True),
    ("6.2 path", {"path": {"type": "PathPrefix", "value": "/a"}}, {"path": "/a"}, True),
    ("6.2 path", {"path": {"type": "PathPrefix", "value": "/a"}}, {"path": "/a/b"}, True),
    ("6.2 path", {"path": {"type": "PathPrefix", "value": "/a"}}, {"path": "/ab"}, False),
    ("6.2 path", {"path": {"type": "PathPrefix", "value": "/a/"}}, {"path": "/a"}, True),
    ("6.2 path", {"path": {"type": "PathPrefix", "value": "/"}}, {"path": "/x"}, True),
    ("6.2 path", {"path": {"value": "/a"}}, {"path": "/a/b"}, True),
    ("6.2 path", {"path": {"type": "Exact", "value": "/a"}}, {"path": "/a/"}, False),
    ("6.2 path", {"path": {"type": "Exact", "value": "/a"}}, {"path": "/a?q"}, True),
    ("6.2 path", {"path": {"type": "RegularExpression", "value": "/a.+"}}, {"path": "/ab"}, True),
    ("6.2 path", {"path": {"type": "RegularExpression", "value": "/a"}}, {"path": "/ab"}, False),
    ("6.2 headers", {"headers": [{"name": "X", "value": "v"}]}, {"headers": (("x", "v"),)}, True),
    ("6.2 headers", {"headers": [{"name": "X", "value": "v"}]}, {"headers": (("x", "V"),)}, False),
    ("6.2 headers", {"headers": [{"name": "x", "value": "v"}]}, {}, False),
    (
        "6.2 headers",
        {"headers": [{"name": "x", "value": "v.", "type": "RegularExpression"}]},
        {"headers": (("x", "v1"),)},
        True,
    ),
    (
        "6.2 headers",
        {"headers": [{"name": "x", "value": "a"}, {"name": "X", "value": "b"}]},
        {"headers": (("x", "a"),)},
        True,
    ),
    ("6.2 query", {"queryParams": [{"name": "q", "value": "1"}]}, {"path": "/?q=1"}, True),
    ("6.2 query", {"queryParams": [{"name": "q", "value": "1"}]}, {"path": "/?q=2"}, False),
    ("6.2 query", {"queryParams": [{"name": "q", "value": "1"}]}, {"path": "/"}, False),
    ("6.2 method", {"method": "GET"}, {"method": "POST"}, False),
    ("6.2 method", {"method": "GET"}, {"method": "GET"}, True),
]

GRPC: list[tuple[dict[str, Any], str, bool]] = [
    ({}, "/a.B/C", True),
    ({"method": {"service": "a.B", "method": "C"}}, "/a.B/C", True),
    ({"method": {"service": "a.B", "method": "C"}}, "/a.B/D", False),
    ({"method": {"service": "a.B"}}, "/a.B/D", True),
    ({"method": {"service": "a.B"}}, "/a.BC/D", False),
    ({"method": {"method": "C"}}, "/a.B/C", True),
    ({"method": {"type": "RegularExpression", "service": "a\\..*", "method": "C"}}, "/a.X/C", True),
    ({"method": {"type": "RegularExpression", "service": "a"}}, "/ab/C", False),
]


def _field(value: dict[str, Any]) -> Field:
    (document,) = read("m.json", json.dumps({"matches": [value]}).encode()).documents
    return Field(document, (), document.value)


@pytest.mark.parametrize(("paragraph", "match", "request_", "taken"), ISTIO)
def test_a_match_of_a_virtual_service(
    paragraph: str, match: dict[str, Any], request_: dict[str, Any], taken: bool
) -> None:
    condition = condition_of(http_match(_field(match) / "matches" / 0))
    assert condition.admits(Request("h", **request_)) is taken, paragraph


@pytest.mark.parametrize(("match", "catches_all"), CATCH_ALL)
def test_what_istio_takes_for_a_catch_all(match: dict[str, Any], catches_all: bool) -> None:
    """3.3: narrower than what really matches everything."""
    assert condition_of(http_match(_field(match) / "matches" / 0)).is_catch_all is catches_all


@pytest.mark.parametrize(("paragraph", "match", "request_", "taken"), GATEWAY_API)
def test_a_match_of_an_http_route(
    paragraph: str, match: dict[str, Any], request_: dict[str, Any], taken: bool
) -> None:
    (found,) = http_matches(_field(match))
    assert gateway_api_matches.condition_of(found).admits(Request("h", **request_)) is taken, paragraph


@pytest.mark.parametrize(("match", "path", "taken"), GRPC)
def test_a_match_of_a_grpc_route(match: dict[str, Any], path: str, taken: bool) -> None:
    (found,) = grpc_matches(_field(match))
    assert gateway_api_matches.condition_of(found).admits(Request("h", path=path, method="POST")) is taken
