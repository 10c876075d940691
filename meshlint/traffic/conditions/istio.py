"""The matches of a VirtualService as conditions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache

from meshlint.matching import ISTIO_LONGEST_REGEX, AddressSet, StringSet, known, re2_problem
from meshlint.resources.istio.http_match import HttpMatch
from meshlint.resources.istio.l4_route import L4Match
from meshlint.resources.istio.parts import StringMatch
from meshlint.traffic.conditions.condition import ANYTHING, FREE, Condition, Demand

CLAIMS = "@request.auth.claims"
EVERYTHING = Condition(is_catch_all=True)


def condition_of(match: HttpMatch | None) -> Condition:
    """The requests that one entry of `match` takes; all of them for None."""
    if match is None:
        return EVERYTHING
    return Condition(
        path=_path(match.uri, match.ignore_uri_case),
        method=text_set(match.method),
        authority=text_set(match.authority),
        scheme=text_set(match.scheme),
        headers=_headers(match),
        query={name: _value_set(test) for name, test in match.query_params.items()},
        is_catch_all=_is_catch_all(match),
        is_impossible=_is_impossible(match),
    )


def is_of_no_request(path: StringMatch) -> bool:
    """Whether a test of the path is one that no request meets: each path starts with a slash, that of OPTIONS
    for a whole server apart, and ends before the query (Envoy: route match).
    """
    if path.kind == "present" or not path.value or _is_rejected(path):
        return False
    paths = _paths(are_bare="?" in path.value or "#" in path.value)
    return known(lambda: _path(path, ignore_case=False).overlaps(paths)) is False


@cache
def _paths(*, are_bare: bool) -> StringSet:
    """The paths of requests; without query and fragment, which they never have, only where that matters."""
    if are_bare:
        return StringSet.regex("/[^?#]*")
    return StringSet.prefix("/").union(StringSet.exact("*"))


def connection_condition(match: L4Match, names: Iterable[str], subnets: Iterable[str] = ()) -> Condition:
    """The connections that a match of a TLS or TCP route takes under some of its server names.

    `subnets` are those to look at, by default all of the match. Proxies compare server names with no regard
    to case, and know wildcards as hosts do (Istio: tls and tcp).
    """
    texts = tuple(names)
    wanted = tuple(subnets) or match.destination_subnets
    return Condition(
        server_name=StringSet.union_of(_name(text.lower()) for text in texts) if texts else ANYTHING,
        destinations=AddressSet.of(*wanted) if wanted else None,
        is_catch_all=not texts and not wanted,
    )


def _name(host: str) -> StringSet:
    if host == "*":
        return ANYTHING
    return StringSet.suffix(host[1:]) if host.startswith("*") else StringSet.exact(host)


def text_set(test: StringMatch | None) -> StringSet:
    """The texts that a test on method, authority or scheme admits; nothing for one that Istio rejects."""
    if test is None or test.kind == "present":
        return ANYTHING
    return _SETS[test.kind](test.value)


def _path(test: StringMatch | None, ignore_case: bool) -> StringSet:
    """The paths of a uri test; a prefix is plain text, and case is ignored in all but regular expressions."""
    if test is None or test.kind == "present":
        return ANYTHING
    if test.kind == "exact":
        return StringSet.exact(test.value, ignore_case=ignore_case)
    if test.kind == "prefix":
        return StringSet.prefix(test.value, ignore_case=ignore_case)
    return StringSet.regex(test.value)


def _headers(match: HttpMatch) -> dict[str, Demand]:
    found: dict[str, Demand] = {}
    for name, test in match.headers.items():
        _add(found, name, Demand((_value_set(test),)))
    for name, test in match.without_headers.items():
        _add(found, name, _without(test))
    return found


def _add(found: dict[str, Demand], name: str, demand: Demand) -> None:
    key = name.lower()
    found[key] = found.get(key, FREE).meet(demand)


def _value_set(test: StringMatch) -> StringSet:
    """The values of a header or a query parameter that must be there; `*` as an expression is any."""
    if test.kind == "present" or (test.kind == "regex" and test.value == "*"):
        return ANYTHING
    return _SETS[test.kind](test.value)


def _without(test: StringMatch) -> Demand:
    """What `withoutHeaders` leaves: a missing header counts as an empty one (Istio: match block)."""
    if test.kind == "present" or (test.kind == "regex" and test.value == "*"):
        return Demand(absent=True)
    return Demand(none=_SETS[test.kind](test.value))


_SETS: Mapping[str, Callable[[str], StringSet]] = {
    "exact": StringSet.exact,
    "prefix": StringSet.prefix,
    "regex": StringSet.regex,
}


def _is_catch_all(match: HttpMatch) -> bool:
    """Whether Istio recognises that the match takes everything (Istio: catch-all test)."""
    others = (match.headers, match.without_headers, match.query_params)
    if any(others) or match.method or match.authority or match.scheme:
        return False
    uri = match.uri
    if uri is None or uri.kind == "present":
        return True
    return (uri.kind == "prefix" and uri.value == "/") or (uri.kind == "regex" and uri.value == ".*")


def _is_impossible(match: HttpMatch) -> bool:
    """Whether an expression is one that is rejected, or a claim decides that no request here shows."""
    tests = [match.uri, match.method, match.authority, match.scheme]
    tests += [*match.headers.values(), *match.without_headers.values(), *match.query_params.values()]
    if any(name.startswith(CLAIMS) for name in (*match.headers, *match.without_headers)):
        return True
    return any(test is not None and _is_rejected(test) for test in tests)


def _is_rejected(test: StringMatch) -> bool:
    if test.kind != "regex" or test.value == "*":
        return False
    return len(test.value) > ISTIO_LONGEST_REGEX or re2_problem(test.value) is not None
