"""Routes that Linkerd's webhook refuses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from meshlint.admission.linkerd.saying import refusal
from meshlint.admission.remark import Remark
from meshlint.documents import Field, Text
from meshlint.matching import rust_regex_problem
from meshlint.resources import Resource
from meshlint.resources.gateway_api.filters import Filter
from meshlint.resources.gateway_api.matches import GrpcMatch, HttpMatch, ValueMatch
from meshlint.resources.gateway_api.reference import BackendRef
from meshlint.resources.gateway_api.route import (
    AnyRoute,
    RouteRule,
    connection_route,
    grpc_route,
    http_route,
)
from meshlint.resources.istio.parts import duration
from meshlint.resources.linkerd.annotations import length, timeout_texts, unreadable_retries
from meshlint.resources.linkerd.group import POLICY, refers_to
from meshlint.resources.linkerd.http_route import policy_http_route
from meshlint.values import regex

EGRESS_PORT = "linkerd-egress-port"
RULES = "linkerd-rules"
EXPRESSION = "linkerd-expression"
METHOD_PATTERN = "linkerd-method-pattern"
PATH = "linkerd-path"
HEADER = "linkerd-header"
TIMEOUTS = "linkerd-timeouts"
SETTING = "linkerd-route-setting"
BACKEND_PORT = "linkerd-backend-port"

_NAME = regex(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = regex(r"[\t\x20-\x7e]*")
_REPLACEMENTS = {"ReplaceFullPath": "replaceFullPath", "ReplacePrefixMatch": "replacePrefixMatch"}
_MODIFIERS = {
    "RequestHeaderModifier": "requestHeaderModifier",
    "ResponseHeaderModifier": "responseHeaderModifier",
}


def policy_http_route_remarks(resource: Resource) -> Iterator[Remark]:
    """What is refused of an HTTPRoute of Linkerd's own group, whose timeouts count, too."""
    route = policy_http_route(resource)
    yield from _http(route)
    for rule in route.rules:
        yield from _timeouts(route, rule)


def http_route_remarks(resource: Resource) -> Iterator[Remark]:
    """What is refused of an HTTPRoute of the Gateway API, whose backends need ports."""
    route = http_route(resource)
    yield from _http(route)
    yield from _backends(route)


def grpc_route_remarks(resource: Resource) -> Iterator[Remark]:
    """What is refused of a GRPCRoute: methods by pattern as well."""
    route = grpc_route(resource)
    yield from _parents(route)
    yield from _settings(route, grpc=True)
    for rule in route.rules:
        for match in rule.matches:
            yield from _call(route, match)
        yield from _filters(route, rule)
    yield from _backends(route)


def connection_route_remarks(resource: Resource) -> Iterator[Remark]:
    """What is refused of a TLSRoute or TCPRoute: any number of rules but one."""
    route = connection_route(resource)
    yield from _parents(route)
    if len(route.rules) > 1:
        yield refusal(
            route.rules[1].field,
            RULES,
            f"{resource} has {len(route.rules)} rules, so Linkerd's webhook refuses it",
            "Write one route for each rule.",
        )


def _http(route: AnyRoute) -> Iterator[Remark]:
    yield from _parents(route)
    yield from _settings(route, grpc=False)
    for rule in route.rules:
        for match in rule.matches:
            yield from _match(route, match)
        yield from _filters(route, rule)


def _parents(route: AnyRoute) -> Iterator[Remark]:
    for parent in route.parent_refs:
        if refers_to(parent, POLICY, "EgressNetwork") and not parent.field / "port":
            yield refusal(
                parent.field / "name",
                EGRESS_PORT,
                f"{route.resource} names no port of an EgressNetwork, so Linkerd's webhook refuses it",
                "Write `port` of the parent.",
            )


def _settings(route: AnyRoute, *, grpc: bool) -> Iterator[Remark]:
    """Annotations on timeouts and retries, which are read only where they are for callers."""
    outbound = any(
        refers_to(one, "", "Service") or refers_to(one, POLICY, "EgressNetwork") for one in route.parent_refs
    )
    if not outbound:
        return
    unreadable = [text for text in timeout_texts(route.resource) if length(text) is None]
    for text in (*unreadable, *unreadable_retries(route.resource, grpc=grpc)):
        yield refusal(
            text.field,
            SETTING,
            f"{route.resource} sets {text.field.name} to {str(text)!r}, so Linkerd's webhook refuses it",
            _hint(str(text.field.name)),
        )


def _hint(key: str) -> str:
    if key.endswith(("/http", "/grpc")):
        return "Conditions are separated by commas without spaces."
    if key.endswith("/limit"):
        return "Write a whole number up to 65535."
    return "Write one whole number with ms, s, m, h or d, such as `1500ms`."


def _match(route: AnyRoute, match: HttpMatch) -> Iterator[Remark]:
    if match.path.type == "RegularExpression":
        yield from _expression(route, match.path.value)
    elif not match.path.value.startswith("/"):
        yield _relative(route, match.path.value)
    yield from _headers(route, match.headers)
    yield from _expressions(route, match.query_params)


def _call(route: AnyRoute, match: GrpcMatch) -> Iterator[Remark]:
    if match.type == "RegularExpression":
        yield refusal(
            match.field / "method" / "type",
            METHOD_PATTERN,
            f"{route.resource} matches methods by a pattern, so Linkerd's webhook refuses it",
            "Name the service and the method.",
        )
    yield from _headers(route, match.headers)


def _headers(route: AnyRoute, tests: tuple[ValueMatch, ...]) -> Iterator[Remark]:
    yield from _expressions(route, tests)
    yield from _header_names(route, [one.name for one in tests if one.name is not None])
    plain = [one.value for one in tests if one.type == "Exact" and one.value is not None]
    yield from _header_values(route, plain)


def _expressions(route: AnyRoute, tests: tuple[ValueMatch, ...]) -> Iterator[Remark]:
    for test in tests:
        if test.type == "RegularExpression" and test.value is not None:
            yield from _expression(route, test.value)


def _expression(route: AnyRoute, text: Text) -> Iterator[Remark]:
    problem = rust_regex_problem(text)
    if problem is not None:
        yield refusal(
            text.field,
            EXPRESSION,
            f"{route.resource} matches expression {str(text)!r}, which Linkerd cannot read, so it is refused",
            f"The pattern {problem}.",
        )


def _filters(route: AnyRoute, rule: RouteRule[Any]) -> Iterator[Remark]:
    for one in rule.filters:
        key = _MODIFIERS.get(str(one.type))
        if key is not None:
            yield from _modifier(route, one.field / key)
        elif one.type == "RequestRedirect":
            yield from _redirect(route, one)


def _modifier(route: AnyRoute, change: Field) -> Iterator[Remark]:
    changed = [item for verb in ("set", "add") for item in change.items(verb)]
    names = [item.text("name") for item in changed]
    yield from _header_names(route, [*(one for one in names if one is not None), *change.texts("remove")])
    values = (item.text("value") for item in changed)
    yield from _header_values(route, [one for one in values if one is not None])


def _header_names(route: AnyRoute, names: list[Text]) -> Iterator[Remark]:
    for name in names:
        if not _NAME.fullmatch(name):
            message = (
                f"{route.resource} has a header {str(name)!r}, which is no name of one, so it is refused"
            )
            yield refusal(name.field, HEADER, message)


def _header_values(route: AnyRoute, values: list[Text]) -> Iterator[Remark]:
    for value in values:
        if not _VALUE.fullmatch(value):
            message = f"{route.resource} has a header of value {str(value)!r}, so it is refused"
            yield refusal(value.field, HEADER, message, "Values are one line of ASCII.")


def _redirect(route: AnyRoute, one: Filter) -> Iterator[Remark]:
    path = one.field / "requestRedirect" / "path"
    key = _REPLACEMENTS.get(str(path.text("type")))
    text = path.text(key) if key is not None else None
    if key is not None and text is None:
        message = f"{route.resource} replaces a path and does not say by what, so it is refused"
        yield refusal(path, PATH, message, f"Write `{key}`.")
    elif text is not None and not text.startswith("/"):
        yield _relative(route, text)


def _relative(route: AnyRoute, text: Text) -> Remark:
    message = f"{route.resource} has the path '{text}' without a leading slash, so it is refused"
    return refusal(text.field, PATH, message, f"Write `/{text}`.")


def _timeouts(route: AnyRoute, rule: RouteRule[Any]) -> Iterator[Remark]:
    """Timeouts that are negative, or of which that for one backend is over that of all."""
    found = [duration(rule.timeouts, key) for key in ("request", "backendRequest")]
    lengths = [(one, one.nanoseconds) for one in found if one is not None and one.nanoseconds is not None]
    for one, nanoseconds in lengths:
        if nanoseconds < 0:
            message = f"{route.resource} has a timeout of {one.text}, so it is refused"
            yield refusal(one.field, TIMEOUTS, message)
    if len(lengths) == len(found) and lengths[1][1] > lengths[0][1] >= 0:
        (whole, _), (each, _) = lengths
        yield refusal(
            each.field,
            TIMEOUTS,
            f"{route.resource} gives a backend {each.text} and all of them {whole.text}, so it is refused",
            "`backendRequest` must not be over `request`; Linkerd reads `request` alone.",
        )


def _backends(route: AnyRoute) -> Iterator[Remark]:
    for rule in route.rules:
        for backend in rule.backend_refs:
            if _is_service(backend) and not backend.port:
                message = f"{route.resource} names no port of Service '{backend.name}', so it is refused"
                yield refusal(backend.field / "name", BACKEND_PORT, message, "Write `port` of the backend.")


def _is_service(backend: BackendRef) -> bool:
    return backend.group in ("", "core") and backend.kind == "Service"
