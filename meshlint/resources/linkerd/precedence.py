"""How well a route fits a request, as Linkerd's proxy ranks it: the greater rank wins.

The host name comes first, then how much of the path matched, whatever kind of match it is, then the headers,
the query parameters, and last a method. Of gRPC calls it is the length of the service's name, that of the
method's, and the headers. Of equals the route that is older counts, and within one the first
(Linkerd: the proxy's route matching).
"""

from __future__ import annotations

from collections.abc import Iterable

from meshlint.resources.gateway_api.matches import GrpcMatch, HttpMatch, PathMatch

Rank = tuple[int, ...]

ANY_HOST: Rank = (0, 0)
_WILDCARD, _EXACT = 1, 2
LONGEST = 1 << 16
"""Longer than any path that a proxy takes: what a pattern may match of one that is not known."""


def host_rank(hostnames: Iterable[str], host: str | None) -> Rank | None:
    """The rank of the best of a route's host names for the host of a request, None if none of them fits.

    Letter case and a port do not count. A wildcard takes any number of labels. A dot at the end of the
    request's host counts only where the name has one (Linkerd: host matching).
    """
    names = tuple(hostnames)
    if not names:
        return ANY_HOST
    if host is None:
        return None
    found = (_rank_of_name(name, host.partition(":")[0]) for name in names)
    return max((rank for rank in found if rank is not None), default=None)


def most_of_host(name: str) -> Rank:
    """The rank that a host name has where it fits."""
    return (_WILDCARD, len(name) - 1) if name.startswith("*.") else (_EXACT, len(name))


def match_rank(match: HttpMatch | GrpcMatch, path: str | None, *, most: bool = True) -> Rank:
    """The rank of a match that fits a request with this path, without its query.

    For a path that is not known, `most` asks for what the rank may be at the most, rather than at the least.
    """
    if isinstance(match, GrpcMatch):
        return (len(match.service or ""), len(match.method or ""), len(match.headers))
    length = _matched(match.path, path, LONGEST if most else 0)
    return (length, len(match.headers), len(match.query_params), int(match.method is not None))


def _matched(match: PathMatch, path: str | None, unknown: int) -> int:
    """How many characters of the path matched: a pattern must span all of it."""
    if match.type == "RegularExpression":
        return unknown if path is None else len(path)
    if match.type == "PathPrefix" and match.value != "/":
        return len(match.value.rstrip("/"))
    return len(match.value)


def _rank_of_name(name: str, host: str) -> Rank | None:
    name, host = name.lower(), host.lower()
    if not name.endswith("."):
        host = host.removesuffix(".")
    if name.startswith("*."):
        return most_of_host(name) if host.endswith(name[1:]) else None
    return most_of_host(name) if host == name else None
