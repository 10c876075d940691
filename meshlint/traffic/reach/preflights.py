"""Routes with a CORS policy that no preflight of a browser can take.

A browser asks with OPTIONS, and without the headers of the request that is to follow (Fetch: CORS-preflight
request); the proxy answers by the policy of the route that takes the preflight (Envoy: CORS filter).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from functools import partial
from typing import Any

from meshlint.documents import Field
from meshlint.matching import StringSet
from meshlint.mesh import Mesh
from meshlint.mesh.left_off import decided
from meshlint.mesh.questions.preflights import answering_preflights, cors_routes
from meshlint.mesh.remembered import remembered
from meshlint.resources.gateway_api.route import AnyRoute, RouteRule
from meshlint.resources.istio.virtual_service import VirtualService
from meshlint.resources.resource import Resource
from meshlint.traffic.conditions.condition import Condition
from meshlint.traffic.conditions.gateway_api import condition_of
from meshlint.traffic.conditions.lines import Line, lines_of_hosts
from meshlint.values import evolve, frozen

_OPTIONS = StringSet.exact("OPTIONS")
_SENT = ("access-control-request-", "origin", "host", "user-agent", "referer", "accept", "sec-", "connection")
_ADDED = ("x-forwarded-", "x-request-id", "x-envoy-", "x-real-ip", "via")


@frozen(eq=False, repr=False)
class Untaken:
    """A route with a CORS policy, and what keeps every preflight from it: a header, or the method."""

    owner: Resource
    policy: Field
    obstacle: str
    at: Field


def untaken(mesh: Mesh) -> Iterator[Untaken]:
    """Routes with a CORS policy whose matches no preflight meets, and whose paths no other route takes.

    Where another one takes the preflight, the server may answer it.
    """
    for found in (*_virtual_services(mesh), *_http_routes(mesh)):
        obstacles = [_obstacle(condition) for condition, _ in found.own]
        if found.own and all(obstacles) and not _is_taken(mesh, found):
            yield Untaken(found.owner, found.policy, obstacles[0], found.own[0][1])


@frozen(eq=False, repr=False)
class _Answering:
    """A route with a CORS policy: its matches, and what others take of the same hosts."""

    owner: Resource
    policy: Field
    own: tuple[tuple[Condition, Field], ...]
    others: Callable[[], Iterable[Condition]]


def _virtual_services(mesh: Mesh) -> Iterator[_Answering]:
    for one in answering_preflights(mesh):
        held = cors_routes(one)
        answering = [(place, each.field) for place, each in enumerate(one.http) if each in held]
        lines = lines_of_hosts(mesh, one)
        for position, route in answering:
            own = [line for owner, line in lines if owner is one and line.position == position]
            matches = tuple((line.condition, line.at) for line in own)
            yield _Answering(one.resource, route / "corsPolicy", matches, partial(_beside, lines, own))


def _beside(lines: Iterable[tuple[VirtualService, Line]], own: Collection[Line]) -> Iterator[Condition]:
    return (line.condition for _, line in lines if line not in own)


def _http_routes(mesh: Mesh) -> Iterator[_Answering]:
    for route in mesh.routes:
        for rule in route.rules:
            policy = next((one.field for one in rule.filters if str(one.type) == "CORS"), None)
            if policy is None:
                continue
            own = tuple(zip(_conditions(mesh, rule), (match.field for match in rule.matches), strict=True))
            yield _Answering(route.resource, policy, own, partial(_sharing, mesh, route, rule))


def _sharing(mesh: Mesh, route: AnyRoute, rule: RouteRule[Any]) -> Iterator[Condition]:
    """What other rules match, of a route and of those that share a host with it."""
    hosts = {str(name) for name in route.hostnames}
    for one in mesh.routes:
        if not hosts or hosts & {str(name) for name in one.hostnames}:
            for each in one.rules:
                yield from _conditions(mesh, each) if each is not rule else ()


@remembered
def _conditions(_mesh: Mesh, rule: RouteRule[Any]) -> tuple[Condition, ...]:
    return tuple(map(condition_of, rule.matches))


def _obstacle(condition: Condition) -> str:
    """What keeps preflights from a match; empty if they may take it."""
    if not condition.method.admits("OPTIONS"):
        return "its method is not OPTIONS"
    for name, demand in condition.headers.items():
        if not name.startswith((*_SENT, *_ADDED)) and not demand.admits(()):
            return f"it has no header {name}"
    return ""


def _is_taken(mesh: Mesh, found: _Answering) -> bool:
    """Whether another route may take preflights for the paths of this one."""
    mine = [_as_preflight(condition) for condition, _ in found.own]
    rest = [_as_preflight(one) for one in found.others() if not _obstacle(one)]
    return any(decided(mesh, partial(one.overlaps, other)) is not False for one in mine for other in rest)


def _as_preflight(condition: Condition) -> Condition:
    return evolve(condition, method=_OPTIONS, headers={})
