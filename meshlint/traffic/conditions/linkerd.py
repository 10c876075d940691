"""The matches of routes as Linkerd's proxy reads them."""

from __future__ import annotations

import re

from meshlint.matching import StringSet
from meshlint.resources.gateway_api.matches import (
    ConnectionMatch,
    GrpcMatch,
    HttpMatch,
    PathMatch,
    ValueMatch,
)
from meshlint.traffic.conditions.condition import ANYTHING, Condition, Demand

Match = HttpMatch | GrpcMatch | ConnectionMatch

_CALLED = StringSet.regex("/[^/]*/.*")
_POST = StringSet.exact("POST")
CALLS = Condition(path=_CALLED, method=_POST)
"""Every gRPC call, and nothing else."""


def linkerd_condition(match: Match) -> Condition:
    """The requests that one entry of `matches` takes.

    A pattern must be what Rust finds first, and as a whole. All tests of headers and query parameters count,
    also several of one name, and any of the values that are sent may meet them. A gRPC match takes only
    calls, but a rule without matches takes everything (Linkerd: the proxy's route matching).
    """
    if isinstance(match, GrpcMatch):
        return _of_call(match)
    if isinstance(match, ConnectionMatch):
        return Condition(is_catch_all=True)
    return Condition(
        path=_path(match.path),
        method=StringSet.exact(match.method) if match.method else ANYTHING,
        headers=_demands(match.headers, lower=True),
        parameters=_demands(match.query_params),
        is_catch_all=match.is_catch_all,
    )


def _of_call(match: GrpcMatch) -> Condition:
    if not match.field:
        return Condition(is_catch_all=True)
    return Condition(path=_named(match), method=_POST, headers=_demands(match.headers, lower=True))


def _named(match: GrpcMatch) -> StringSet:
    """The paths of calls; what follows the method after a slash does not matter."""
    service, method = match.service, match.method
    if service and method:
        return StringSet.exact(f"/{service}/{method}") | StringSet.prefix(f"/{service}/{method}/")
    if service:
        return StringSet.prefix(f"/{service}/")
    return StringSet.regex(f"/[^/]*/{re.escape(method)}(/.*)?") if method else _CALLED


def _path(match: PathMatch) -> StringSet:
    if match.type == "Exact":
        return StringSet.exact(match.value)
    if match.type == "RegularExpression":
        return StringSet.rust_find(match.value)
    stem = match.value.rstrip("/")
    return StringSet.exact(stem) | StringSet.prefix(f"{stem}/") if stem else ANYTHING


def _demands(tests: tuple[ValueMatch, ...], *, lower: bool = False) -> dict[str, Demand]:
    found: dict[str, Demand] = {}
    for test in tests:
        name = str(test.name or "")
        name = name.lower() if lower else name
        found[name] = found.get(name, Demand()).meet(Demand((_values(test),)))
    return found


def _values(test: ValueMatch) -> StringSet:
    value = test.value or ""
    return StringSet.rust_find(value) if test.type == "RegularExpression" else StringSet.exact(value)
