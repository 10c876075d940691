"""Which route of a Server takes a request (Linkerd: route matching of the proxy)."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import frozen

from meshlint.matching import StringSet, known
from meshlint.matching.threefold import every
from meshlint.resources.gateway_api.matches import GrpcMatch, HttpMatch, PathMatch, ValueMatch
from meshlint.resources.gateway_api.route import AnyRoute
from meshlint.security.linkerd.authorization.request import HttpRequest

Weight = tuple[int, ...]


@frozen(eq=False, repr=False)
class Choice:
    """The routes that take a request equally well; of several the oldest does. None at all answers 404.

    `is_certain` is false where a pattern is too complex to be judged.
    """

    routes: tuple[AnyRoute, ...]
    is_certain: bool = True


def choose(routes: Iterable[AnyRoute], request: HttpRequest) -> Choice:
    """The routes whose match is the most specific.

    A named host wins over none, an exact one over a wildcard, a longer one over a shorter. Then the length of
    the matched part of the path decides whatever kind of match it is, then a method, then more headers, then
    more query parameters.
    """
    best: list[AnyRoute] = []
    heaviest: Weight | None = None
    certain = True
    for route in routes:
        weight, sure = _weigh(route, request)
        certain = certain and sure
        if weight is None or (heaviest is not None and weight < heaviest):
            continue
        if heaviest is None or weight > heaviest:
            best, heaviest = [], weight
        best.append(route)
    return Choice(tuple(best), certain)


def takes_everything(route: AnyRoute) -> bool:
    """Whether a route surely takes every request."""
    matches = (match for rule in route.rules for match in rule.matches)
    return not route.hostnames and any(isinstance(one, HttpMatch) and one.is_catch_all for one in matches)


def _weigh(route: AnyRoute, request: HttpRequest) -> tuple[Weight | None, bool]:
    host = _host(route, request.host)
    if host is None:
        return None, True
    weights: list[Weight] = []
    certain = True
    for rule in route.rules:
        for match in rule.matches:
            meets = _meets(match, request)
            certain = certain and meets is not None
            if meets:
                weights.append(_weight(match, request))
    return ((*host, *max(weights)) if weights else None), certain


def _host(route: AnyRoute, host: str | None) -> Weight | None:
    """How well a route's host names fit: kind and length, None if none does."""
    if not route.hostnames:
        return (0, 0)
    if host is None:
        return None
    fitting = (_host_weight(name, host.partition(":")[0]) for name in route.hostnames)
    return max((weight for weight in fitting if weight is not None), default=None)


def _host_weight(name: str, host: str) -> Weight | None:
    name, host = name.lower(), host.lower()
    if not name.endswith("."):
        host = host.removesuffix(".")
    if name.startswith("*."):
        return (1, len(name) - 1) if host.endswith(name[1:]) else None
    return (2, len(name)) if host == name else None


def _meets(match: HttpMatch | GrpcMatch, request: HttpRequest) -> bool | None:
    if isinstance(match, GrpcMatch):
        return every((_is_call(match, request), *_headers(match.headers, request)))
    return every(
        (
            match.method is None or match.method == request.method,
            _path(match.path, request.bare_path),
            *_headers(match.headers, request),
            *_query(match.query_params, request),
        )
    )


def _weight(match: HttpMatch | GrpcMatch, request: HttpRequest) -> Weight:
    if isinstance(match, GrpcMatch):
        return (len(match.service or ""), len(match.method or ""), len(match.headers))
    length = len(match.path.value)
    if match.path.type == "RegularExpression":
        length = len(request.bare_path)
    elif match.path.type == "PathPrefix" and match.path.value != "/":
        length = len(match.path.value.rstrip("/"))
    return (length, int(match.method is not None), len(match.headers), len(match.query_params))


def _path(match: PathMatch, path: str) -> bool | None:
    if match.type == "Exact":
        return path == match.value
    if match.type == "RegularExpression":
        return _regex(match.value, path)
    if match.value == "/":
        return True
    prefix = match.value.rstrip("/")
    rest = path.rstrip("/")
    return rest == prefix or rest.startswith(f"{prefix}/")


def _is_call(match: GrpcMatch, request: HttpRequest) -> bool:
    parts = request.bare_path.split("/")
    if request.method != "POST" or len(parts) < 3 or parts[0]:
        return False
    return match.service in (None, parts[1]) and match.method in (None, parts[2])


def _headers(wanted: Iterable[ValueMatch], request: HttpRequest) -> Iterable[bool | None]:
    return [_any_value(one, request.header(one.name or "")) for one in wanted]


def _query(wanted: Iterable[ValueMatch], request: HttpRequest) -> Iterable[bool | None]:
    query = request.query
    return [_any_value(one, tuple(value for name, value in query if name == one.name)) for one in wanted]


def _any_value(wanted: ValueMatch, values: tuple[str, ...]) -> bool | None:
    text = wanted.value or ""
    if wanted.type != "RegularExpression":
        return text in values
    answers = [_regex(text, value) for value in values]
    return True if True in answers else None if None in answers else False


def _regex(pattern: str, text: str) -> bool | None:
    return known(lambda: StringSet.rust_regex(pattern).admits(text))
