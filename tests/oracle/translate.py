"""A route table as an Envoy RouteConfiguration: from the manifests' own matches, not from our reading."""

from __future__ import annotations

from typing import Any

from meshlint.documents import Field
from meshlint.resources.istio.http_match import HttpMatch, http_match
from meshlint.resources.istio.parts import StringMatch
from meshlint.traffic.tables.entries import Entry, Forward, Respond, RouteTable
from tests.oracle.envoy import PICK


def virtual_host(name: str, domains: list[str], table: RouteTable) -> dict[str, Any]:
    routes = [_route(position, entry) for position, entry in enumerate(table.entries)]
    return {"name": name, "domains": domains, "routes": routes}


def _route(position: int, entry: Entry) -> dict[str, Any]:
    match = http_match(_both(entry))
    route: dict[str, Any] = {"match": _match(match)}
    route["response_headers_to_add"] = [_header("x-route", str(position))]
    if isinstance(entry.action, Respond):
        route["direct_response"] = {"status": entry.action.status}
    else:
        route["route"] = _action(entry.action)
    return route


def _action(action: Forward) -> dict[str, Any]:
    """Weights as they are written, for Envoy to share out; the cluster is told in a header."""
    clusters = [
        {
            "name": "echo",
            "weight": weight,
            "response_headers_to_add": [_header("x-cluster", target.host)],
        }
        for target in action.targets
        if (weight := target.field.integer("weight") or (1 if len(action.targets) == 1 else 0))
    ]
    return {"weighted_clusters": {"clusters": clusters, "header_name": PICK}}


def _header(name: str, value: str) -> dict[str, Any]:
    return {"header": {"key": name, "value": value}}


def _both(entry: Entry) -> Field:
    """The match as written; for a delegate's route its fields in front of those of the root's match."""
    written = [part.value for part in (entry.outer, entry.match) if part is not None]
    found: dict[str, Any] = {}
    for match in written:
        for key, value in match.items():
            inner = found.get(key)
            maps = key in ("headers", "withoutHeaders", "queryParams") and isinstance(inner, dict)
            found[key] = inner | value if maps else value
    return Field(entry.rule.document, (), found)


def _match(match: HttpMatch) -> dict[str, Any]:
    found = _path(match)
    headers = [_matcher(name, test) for name, test in match.headers.items()]
    headers += [_without(name, test) for name, test in match.without_headers.items()]
    pseudo = ((":method", match.method), (":authority", match.authority), (":scheme", match.scheme))
    headers += [_matcher(name, test) for name, test in pseudo if test is not None]
    query = [_parameter(name, test) for name, test in match.query_params.items()]
    return found | {"headers": headers, "query_parameters": query}


def _path(match: HttpMatch) -> dict[str, Any]:
    uri = match.uri
    if uri is None or uri.kind == "present":
        return {"prefix": "/"}
    if uri.kind == "regex":
        return {"safe_regex": {"regex": str(uri.value)}}
    key = "path" if uri.kind == "exact" else "prefix"
    return {key: str(uri.value), "case_sensitive": not match.ignore_uri_case}


def _matcher(name: str, test: StringMatch) -> dict[str, Any]:
    if test.kind == "present" or (test.kind == "regex" and test.value == "*"):
        return {"name": name, "present_match": True}
    return {"name": name, "string_match": _string(test)}


def _without(name: str, test: StringMatch) -> dict[str, Any]:
    found = _matcher(name, test) | {"invert_match": True}
    if "string_match" in found:
        found["treat_missing_header_as_empty"] = True
    return found


def _parameter(name: str, test: StringMatch) -> dict[str, Any]:
    if test.kind == "present" or (test.kind == "regex" and test.value == "*"):
        return {"name": name, "present_match": True}
    return {"name": name, "string_match": _string(test)}


def _string(test: StringMatch) -> dict[str, Any]:
    if test.kind == "regex":
        return {"safe_regex": {"regex": str(test.value)}}
    return {test.kind: str(test.value)}
