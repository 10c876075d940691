"""Matches on one gateway that lie within a match of another VirtualService: their age decides."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.mesh import Mesh
from meshlint.mesh.left_off import decided, leave_off
from meshlint.resources.istio.virtual_service import VirtualService
from meshlint.traffic.conditions.lines import Line
from meshlint.traffic.reach.rivals import act_alike, alternatives, claims, lines_of
from meshlint.values import frozen

_MOST_COMPARISONS = 20_000

Claimed = tuple[VirtualService, Line]


@frozen(eq=False, repr=False)
class Nested:
    """A match that the wider one of another VirtualService of the same host and gateway would take."""

    virtual_service: VirtualService
    line: Line
    other: VirtualService
    other_line: Line
    host: str
    gateway: str


def nested_rivals(mesh: Mesh) -> Iterator[Nested]:
    """The first match of a VirtualService that the wider one of another would take, for each such pair.

    On a gateway the routes of all VirtualServices for a host are tried in the order of their age, but for
    those that match everything, which come last (Istio: merging on gateways). The files do not tell ages, so
    the narrower match is reached only if its VirtualService happens to be the older.
    """
    told: set[tuple[int, int]] = set()
    for (gateway, host), claimants in claims(mesh).items():
        by_key: dict[str, list[Claimed]] = {}
        for one in claimants:
            for line in lines_of(mesh, one, gateway):
                if line.key is not None and not line.condition.is_catch_all:
                    by_key.setdefault(line.key, []).append((one, line))
        for narrow, wide in _pairs(mesh, by_key):
            pair = (id(narrow[0]), id(wide[0]))
            if pair not in told and not alternatives(mesh, narrow[0], wide[0]):
                told.add(pair)
                yield Nested(narrow[0], narrow[1], wide[0], wide[1], host, gateway)


def _pairs(mesh: Mesh, by_key: dict[str, list[Claimed]]) -> Iterator[tuple[Claimed, Claimed]]:
    budget = _MOST_COMPARISONS
    for key, narrow in by_key.items():
        wider = [one for end in range(1, len(key) + 1) for one in by_key.get(key[:end], ())]
        for one in narrow:
            for other in wider:
                budget -= 1
                if budget < 0:
                    leave_off(mesh, "matches of VirtualServices that share a gateway")
                    return
                if one[0].resource.id != other[0].resource.id and _takes(mesh, other[1], one[1]):
                    yield one, other


def _takes(mesh: Mesh, wide: Line, narrow: Line) -> bool:
    if not wide.scope.covers(narrow.scope) or act_alike(wide, narrow):
        return False
    within = decided(mesh, lambda: narrow.condition.is_subset(wide.condition)) is True
    return within and decided(mesh, lambda: wide.condition.is_subset(narrow.condition)) is False
