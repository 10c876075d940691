"""The matches of Gateway API routes as conditions, and the order in which they are tried."""

from __future__ import annotations

from enum import IntEnum

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
Precedence = tuple[int, int, bool, int, int]


class Path(IntEnum):
    """How a match names paths, the one that is tried first in front."""

    EXACT, PREFIX, REGEX, NONE = range(4)


_KINDS = {"Exact": Path.EXACT, "PathPrefix": Path.PREFIX, "RegularExpression": Path.REGEX}


def condition_of(match: Match) -> Condition:
    """The requests that one entry of `matches` takes."""
    if isinstance(match, GrpcMatch):
        path = _call(match) if match.service or match.method else ANYTHING
        return Condition(path=path, headers=_headers(match.headers), is_catch_all=match.is_catch_all)
    if isinstance(match, ConnectionMatch):
        return Condition(is_catch_all=True)
    return Condition(
        path=_path(match.path),
        method=StringSet.exact(match.method) if match.method else ANYTHING,
        headers=_headers(match.headers),
        query={name: _values(test) for name, test in _first(match.query_params).items()},
        is_catch_all=match.is_catch_all,
    )


def precedence(match: Match) -> Precedence:
    """A sort key that puts the match that is tried first in front.

    Exact paths come before prefixes, longer ones before shorter ones, then a method, more headers, and more
    query parameters (Gateway API: precedence of matches).
    """
    if isinstance(match, GrpcMatch):
        length = len(match.service or "") + len(match.method or "")
        kind = Path.REGEX if match.type == "RegularExpression" else Path.EXACT
        return (kind, -length, not match.method, -len(match.headers), 0)
    if isinstance(match, ConnectionMatch):
        return (Path.PREFIX, 0, True, 0, 0)
    kind = _KINDS.get(str(match.path.type), Path.REGEX)
    return (kind, -len(match.path.value), not match.method, -len(match.headers), -len(match.query_params))


def istio_precedence(match: Match) -> Precedence:
    """The same where Istio decides, which ranks gRPC calls among HTTP requests by the path they come down to.

    A service alone is a prefix, a method alone a regular expression, and what names neither comes after all
    paths. The slash at the end of a prefix does not count (istiod: createGRPCURIMatch, sortHTTPRoutes).
    """
    if isinstance(match, HttpMatch):
        kind, length, no_method, headers, parameters = precedence(match)
        value = match.path.value
        trimmed = kind == Path.PREFIX and value != "/" and value.endswith("/")
        return (kind, length + trimmed, no_method, headers, parameters)
    if not isinstance(match, GrpcMatch):
        return precedence(match)
    kind, text = _as_path(match)
    return (kind, -len(text), True, -len(match.headers), 0)


def _as_path(match: GrpcMatch) -> tuple[int, str]:
    service, method = match.service, match.method
    if not service and not method:
        return Path.NONE, ""
    if match.type == "RegularExpression" or not service:
        return Path.REGEX, f"/{service or '[^/]+'}/{method or '.+'}"
    return (Path.EXACT, f"/{service}/{method}") if method else (Path.PREFIX, f"/{service}/")


def _path(match: PathMatch) -> StringSet:
    """Paths; a prefix ends where a segment does, unlike that of a VirtualService."""
    if match.type == "Exact":
        return StringSet.exact(match.value)
    if match.type == "RegularExpression":
        return StringSet.regex(match.value)
    stem = match.value.rstrip("/")
    return StringSet.exact(stem) | StringSet.prefix(f"{stem}/") if stem else ANYTHING


def _call(match: GrpcMatch) -> StringSet:
    service, method = match.service, match.method
    if match.type == "RegularExpression":
        return StringSet.regex(f"/{service or '[^/]+'}/{method or '.+'}")
    if service and method:
        return StringSet.exact(f"/{service}/{method}")
    if service:
        return StringSet.prefix(f"/{service}/")
    return StringSet.suffix(f"/{method}")


def _headers(tests: tuple[ValueMatch, ...]) -> dict[str, Demand]:
    return {name.lower(): Demand((_values(test),)) for name, test in _first(tests).items()}


def _first(tests: tuple[ValueMatch, ...]) -> dict[str, ValueMatch]:
    """Of tests on one name the first counts."""
    found: dict[str, ValueMatch] = {}
    for test in tests:
        found.setdefault(str(test.name or "").lower(), test)
    return found


def _values(test: ValueMatch) -> StringSet:
    value = test.value or ""
    return StringSet.regex(value) if test.type == "RegularExpression" else StringSet.exact(value)
