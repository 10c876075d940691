"""The rules of routes as entries of a table, ranked as Linkerd's proxy ranks them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from meshlint.documents import Field
from meshlint.matching import StringSet
from meshlint.resources.gateway_api.matches import GrpcMatch, HttpMatch
from meshlint.resources.gateway_api.route import AnyRoute, RouteRule
from meshlint.resources.linkerd.precedence import ANY_HOST, Rank, host_rank, match_rank, most_of_host
from meshlint.traffic.conditions.condition import Condition
from meshlint.traffic.conditions.linkerd import Match, linkerd_condition
from meshlint.traffic.request import Request
from meshlint.traffic.tables.entries import Action, Entry
from meshlint.values import frozen

_LAST: Rank = (-1,)
Actions = Callable[[RouteRule[Any], Match], Action]


@frozen(eq=False, repr=False)
class Ranking:
    """Entries in an order that holds for most requests, with what decides for a given one."""

    entries: tuple[Entry, ...]
    _hosts: dict[int, Rank]
    _matches: dict[int, Match]

    def rank(self, entry: Entry, request: Request) -> Rank:
        """How well an entry fits a request that it takes; entries of no route come last."""
        return self._rank(entry, request.plain_path)

    def _rank(self, entry: Entry, path: str | None) -> Rank:
        match, host = self._matches.get(id(entry)), self._hosts.get(id(entry), _LAST)
        return (*host, *match_rank(match, path)) if isinstance(match, HttpMatch | GrpcMatch) else host

    def followed_by(self, rest: Iterable[Entry]) -> Ranking:
        """The same, with entries that take what is left."""
        return Ranking((*self.entries, *rest), self._hosts, self._matches)


def ranking(routes: Iterable[AnyRoute], host: str, actions: Actions) -> Ranking:
    """The rules of routes for a host, each with its action, the best first and of equals the older.

    Without a request, a pattern counts as long as any path is, since it has to match all of it.
    """
    found: list[Entry] = []
    hosts: dict[int, Rank] = {}
    matches: dict[int, Match] = {}
    for route in sorted(routes, key=lambda one: one.name):
        for rule in route.rules:
            for rank, match, condition, at in _conditions(route, rule, host):
                entry = Entry(route.resource, rule.field, at, condition, actions(rule, match), rule)
                found.append(entry)
                hosts[id(entry)], matches[id(entry)] = rank, match
    unsorted = Ranking((), hosts, matches)
    ordered = sorted(found, key=lambda one: _descending(unsorted._rank(one, None)))
    return Ranking(tuple(ordered), hosts, matches)


def _descending(rank: Rank) -> Rank:
    return tuple(-part for part in rank)


def _conditions(
    route: AnyRoute, rule: RouteRule[Any], host: str
) -> Iterator[tuple[Rank, Match, Condition, Field]]:
    """What a rule takes: its matches, if its route is for the host; of a TLSRoute the server names."""
    if route.kind == "TLSRoute":
        yield from _names(route, rule)
        return
    rank = host_rank(route.hostnames, host)
    for match in rule.matches if rank is not None else ():
        yield rank or ANY_HOST, match, linkerd_condition(match), match.field


def _names(route: AnyRoute, rule: RouteRule[Any]) -> Iterator[tuple[Rank, Match, Condition, Field]]:
    for match in rule.matches:
        for name in dict.fromkeys(one.lower() for one in route.hostnames):
            names = StringSet.suffix(name[1:]) if name.startswith("*.") else StringSet.exact(name)
            yield most_of_host(name), match, Condition(server_name=names), rule.field
        if not route.hostnames:
            yield ANY_HOST, match, Condition(is_catch_all=True), rule.field
