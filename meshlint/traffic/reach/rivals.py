"""Routes of several VirtualServices that take the same requests on one gateway."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from meshlint.matching import known
from meshlint.mesh import Mesh
from meshlint.records import frozen
from meshlint.resources.istio.virtual_service import MESH_GATEWAY, VirtualService
from meshlint.traffic.conditions.lines import Line, sections


@frozen(eq=False, repr=False)
class Rival:
    """A match that another VirtualService of the same host and gateway has as well."""

    virtual_service: VirtualService
    line: Line
    other: VirtualService
    other_line: Line
    host: str
    gateway: str


def rivals(mesh: Mesh) -> Iterator[Rival]:
    """The first such match of every pair of VirtualServices, told from both sides.

    They are merged on a gateway, the older one first; so of two equal matches one is never reached, while
    different ones are tried in turn (Istio: merging on gateways).
    """
    for (gateway, host), claimants in claims(mesh).items():
        for one, other in combinations(claimants, 2):
            if one.resource.id != other.resource.id and not alternatives(mesh, one, other):
                pair = _same(one, other, gateway)
                if pair is not None:
                    yield Rival(one, pair[0], other, pair[1], host, gateway)
                    yield Rival(other, pair[1], one, pair[0], host, gateway)


def claims(mesh: Mesh) -> dict[tuple[str, str], list[VirtualService]]:
    """The VirtualServices with HTTP routes for a gateway and a host, where there are several."""
    found: dict[tuple[str, str], list[VirtualService]] = {}
    for virtual_service in mesh.virtual_services:
        names = {
            name for lines in sections(virtual_service)[:1] for line in lines for name in line.scope.gateways
        }
        for gateway in sorted(names - {MESH_GATEWAY}):
            for host in dict.fromkeys(mesh.virtual_services.hosts(virtual_service)):
                found.setdefault((gateway, host), []).append(virtual_service)
    return {key: claimants for key, claimants in found.items() if len(claimants) > 1}


def alternatives(mesh: Mesh, *claimants: VirtualService) -> bool:
    """Whether the files hold several versions of one of them, so that they are not applied together."""
    ids = [one.resource.id for one in claimants]
    return any(len(mesh.virtual_services.named(each.namespace, each.name)) > 1 for each in ids)


def _same(one: VirtualService, other: VirtualService, gateway: str) -> tuple[Line, Line] | None:
    """The first pair of lines for the gateway that take the same requests."""
    mine = {_text(line): line for line in reversed(lines_of(one, gateway))}
    for line in lines_of(other, gateway):
        twin = mine.get(_text(line))
        if twin is not None and _equal(twin, line):
            return twin, line
    return None


def lines_of(virtual_service: VirtualService, gateway: str) -> list[Line]:
    """The lines of the http section that are for a gateway."""
    return [line for line in sections(virtual_service)[0] if gateway in line.scope.gateways]


def _text(line: Line) -> str | None:
    """What equal lines have in common for certain, to find them fast."""
    return "" if line.condition.is_catch_all else line.key


def _equal(one: Line, other: Line) -> bool:
    if not one.scope.overlaps(other.scope):
        return False
    return known(lambda: one.condition.is_subset(other.condition)) is True and (
        known(lambda: other.condition.is_subset(one.condition)) is True
    )
