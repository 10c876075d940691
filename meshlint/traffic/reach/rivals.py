"""Routes of several VirtualServices that take the same requests on one gateway."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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
        for one, other in _near(claimants, gateway):
            mine, theirs = one.claimant, other.claimant
            if mine.resource.id != theirs.resource.id and not alternatives(mesh, mine, theirs):
                pair = _same(one, other)
                if pair is not None:
                    yield Rival(mine, pair[0], theirs, pair[1], host, gateway)
                    yield Rival(theirs, pair[1], mine, pair[0], host, gateway)


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


@frozen(eq=False, repr=False)
class _Claim:
    """A VirtualService with its lines for a gateway, and the first of those with each text."""

    claimant: VirtualService
    lines: list[Line]
    by_text: Mapping[str | None, Line]


def _claim(claimant: VirtualService, gateway: str) -> _Claim:
    lines = lines_of(claimant, gateway)
    return _Claim(claimant, lines, {_text(line): line for line in reversed(lines)})


def _near(claimants: Sequence[VirtualService], gateway: str) -> Iterator[tuple[_Claim, _Claim]]:
    """The pairs of claimants that have lines with one text, in order: no others can take the same."""
    all_claims = [_claim(one, gateway) for one in claimants]
    places: dict[str | None, list[int]] = {}
    for place, claim in enumerate(all_claims):
        for text in claim.by_text:
            places.setdefault(text, []).append(place)
    pairs = {pair for sharing in places.values() for pair in combinations(sharing, 2)}
    for one, other in sorted(pairs):
        yield all_claims[one], all_claims[other]


def _same(one: _Claim, other: _Claim) -> tuple[Line, Line] | None:
    """The first pair of lines that take the same requests."""
    for line in other.lines:
        twin = one.by_text.get(_text(line))
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
