"""Which route of a Server takes a request (Linkerd: route matching of the proxy)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from meshlint.matching import StringSet, known
from meshlint.matching.threefold import every
from meshlint.resources.age import perhaps_oldest
from meshlint.resources.gateway_api.matches import GrpcMatch, HttpMatch, PathMatch, ValueMatch
from meshlint.resources.gateway_api.route import AnyRoute
from meshlint.resources.linkerd.precedence import Rank, host_rank, match_rank, most_of_host
from meshlint.security.linkerd.authorization.request import HttpRequest
from meshlint.values import frozen


@frozen(eq=False, repr=False)
class Choice:
    """The routes that take a request equally well; of several the oldest does. None at all answers 404.

    `is_certain` is false where a pattern is too complex to be judged, or a part of the request is open that
    decides. Then `may_miss` tells whether it may be that none takes the request.
    """

    routes: tuple[AnyRoute, ...]
    is_certain: bool = True
    may_miss: bool = False


@frozen(eq=False, repr=False)
class _Taken:
    """A route that takes a request, or may: how well at the most, and how well for sure."""

    route: AnyRoute
    most: Rank
    surely: Rank | None


def choose(routes: Iterable[AnyRoute], request: HttpRequest) -> Choice:
    """The routes whose match is the most specific; where that is open, all that may turn out to be.

    A named host wins over none, an exact one over a wildcard, a longer one over a shorter. Then the length of
    the matched part of the path decides, whatever kind of match it is, then more headers, more query
    parameters, and last a method. Of gRPC calls it is the length of the service's name, that of the method's,
    and more headers.
    """
    taken = [found for route in routes if (found := _taken(route, request)) is not None]
    sure = max((one.surely for one in taken if one.surely is not None), default=None)
    best = tuple(one for one in taken if sure is None or one.most >= sure)
    certain = all(one.surely == one.most for one in best)
    routes = tuple(one.route for one in best)
    if certain:
        routes = perhaps_oldest(routes, lambda one: one.resource, lambda one: one.name)
    return Choice(routes, certain, may_miss=sure is None)


def _taken(route: AnyRoute, request: HttpRequest) -> _Taken | None:
    hosts = _hosts(route, request)
    if not hosts:
        return None
    path = None if "path" in request.left_open else request.bare_path
    most: list[Rank] = []
    surely: list[Rank] = []
    for rule in route.rules:
        for match in rule.matches:
            meets = _meets(match, request)
            if meets is not False:
                most.append(match_rank(match, path))
            if meets:
                surely.append(match_rank(match, path, most=False))
    if not most:
        return None
    least = min(hosts, key=lambda host: (host is not None, host or ()))
    sure = None if least is None or not surely else (*least, *max(surely))
    return _Taken(route, (*max(host for host in hosts if host is not None), *max(most)), sure)


def _hosts(route: AnyRoute, request: HttpRequest) -> list[Rank | None]:
    """How well a route's host names may fit, with None if it may be that none does."""
    if route.hostnames and "host" in request.left_open:
        return [None, *(most_of_host(name) for name in route.hostnames)]
    found = host_rank(route.hostnames, request.host)
    return [] if found is None else [found]


def _meets(match: HttpMatch | GrpcMatch, request: HttpRequest) -> bool | None:
    if isinstance(match, GrpcMatch):
        return _meets_call(match, request)
    return every(
        (
            _method(match, request),
            _unless_open(request, "path", match.path.takes_all, lambda: _path(match.path, request.bare_path)),
            _headers(match.headers, request),
            _unless_open(
                request, "path", not match.query_params, lambda: _query(match.query_params, request)
            ),
        )
    )


def _meets_call(match: GrpcMatch, request: HttpRequest) -> bool | None:
    """Whether a gRPC match takes a request; that of a rule without matches takes also what is no call."""
    if not match.field:
        return True
    if request.is_call is False:
        return False
    named = _unless_open(
        request, "path", not (match.service or match.method), lambda: _is_named(match, request.bare_path)
    )
    return every((request.is_call, named, _headers(match.headers, request)))


def _unless_open(
    request: HttpRequest, part: str, takes_all: bool, test: Callable[[], bool | None]
) -> bool | None:
    """The answer of a test of a part of the request, which is not known where the part is open."""
    if part not in request.left_open or takes_all:
        return True if takes_all else test()
    return None


def _method(match: HttpMatch, request: HttpRequest) -> bool | None:
    return _unless_open(request, "method", match.method is None, lambda: match.method == request.method)


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


def _is_named(match: GrpcMatch, path: str) -> bool:
    service, method = path.split("/")[1:3]
    return match.service in (None, service) and match.method in (None, method)


def _headers(wanted: Sequence[ValueMatch], request: HttpRequest) -> bool | None:
    if "headers" in request.left_open and wanted:
        found = [_any_value(one, request.header(one.name or "")) or None for one in wanted]
        return every(found)
    return every([_any_value(one, request.header(one.name or "")) for one in wanted])


def _query(wanted: Iterable[ValueMatch], request: HttpRequest) -> bool | None:
    query = request.query
    return every(
        [_any_value(one, tuple(value for name, value in query if name == one.name)) for one in wanted]
    )


def _any_value(wanted: ValueMatch, values: tuple[str, ...]) -> bool | None:
    text = wanted.value or ""
    if wanted.type != "RegularExpression":
        return text in values
    answers = [_regex(text, value) for value in values]
    return True if True in answers else None if None in answers else False


def _regex(pattern: str, text: str) -> bool | None:
    """Whether Rust finds a pattern first and as a whole in the text, as the proxy asks."""
    return known(lambda: StringSet.rust_find(pattern).admits(text))
