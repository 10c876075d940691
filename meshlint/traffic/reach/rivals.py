"""Routes of several VirtualServices that take the same requests on one gateway."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from meshlint.mesh import Mesh
from meshlint.mesh.left_off import decided, leave_off
from meshlint.mesh.remembered import kept
from meshlint.resources.istio.virtual_service import MESH_GATEWAY, VirtualService
from meshlint.traffic.conditions.lines import Line, sections
from meshlint.values import frozen

_MOST_COMPARISONS = 20_000

Claim = tuple[VirtualService, Line]


@frozen(eq=False, repr=False)
class Rivals:
    """A match that several VirtualServices have for one host and gateway, the first line of each."""

    claims: tuple[Claim, ...]
    host: str
    gateway: str


def rivals(mesh: Mesh) -> Iterator[Rivals]:
    """The matches that VirtualServices share on a gateway, once for VirtualServices that share several.

    They are merged on a gateway, the older one first, and what matches everything last; so of equal matches
    only the oldest is reached, while different ones are tried in turn (Istio: merging on gateways). Nothing
    is said where all of them do the same.
    """
    told: dict[int, list[frozenset[int]]] = {}
    for (gateway, host), claimants in claims(mesh).items():
        single = [one for one in claimants if not alternatives(mesh, one)]
        for group in sorted(_shared(mesh, single, gateway), key=len, reverse=True):
            who = frozenset(id(one) for one, _ in group)
            if not any(who <= others for others in told.get(min(who), ())):
                for one in who:
                    told.setdefault(one, []).append(who)
                yield Rivals(tuple(group), host, gateway)


def _shared(mesh: Mesh, claimants: Sequence[VirtualService], gateway: str) -> list[list[Claim]]:
    """The lines that several have, each of whom is named once."""
    found: dict[str | None, list[list[Claim]]] = {}
    budget = _MOST_COMPARISONS
    for one in claimants:
        for line in lines_of(mesh, one, gateway):
            groups = found.setdefault(_text(line), [])
            budget -= len(groups)
            if budget < 0:
                leave_off(mesh, "matches of VirtualServices that share a gateway")
                break
            group = next((group for group in groups if _equal(mesh, group[0][1], line)), None)
            if group is None:
                groups.append([(one, line)])
            elif group[-1][0] is not one:
                group.append((one, line))
    several = [group for groups in found.values() for group in groups if len(group) > 1]
    return [group for group in several if not all(act_alike(group[0][1], line) for _, line in group)]


def claims(mesh: Mesh) -> dict[tuple[str, str], list[VirtualService]]:
    """The VirtualServices with HTTP routes for a gateway and a host, where there are several."""
    found: dict[tuple[str, str], list[VirtualService]] = {}
    for virtual_service in mesh.picked(mesh.virtual_services.all, _may_be_for_gateways):
        for gateway in _gateways(mesh, virtual_service):
            for host in dict.fromkeys(mesh.virtual_services.hosts(virtual_service)):
                found.setdefault((gateway, host), []).append(virtual_service)
    return {key: claimants for key, claimants in found.items() if len(claimants) > 1}


def _may_be_for_gateways(virtual_service: VirtualService) -> bool:
    if virtual_service.bound_gateways:
        return True
    return any(match.gateways for route in virtual_service.http for match in route.match)


def alternatives(mesh: Mesh, *claimants: VirtualService) -> bool:
    """Whether the files hold several versions of one of them, so that they are not applied together."""
    ids = [one.resource.id for one in claimants]
    return any(len(mesh.virtual_services.named(each.namespace, each.name)) > 1 for each in ids)


def lines_of(mesh: Mesh, virtual_service: VirtualService, gateway: str) -> list[Line]:
    """The lines of the http section that are for a gateway."""
    return [line for line in _http_lines(mesh, virtual_service) if gateway in line.scope.gateways]


@kept
def _gateways(mesh: Mesh, virtual_service: VirtualService) -> tuple[str, ...]:
    """The gateways that the http section is for, sorted."""
    names = {name for line in _http_lines(mesh, virtual_service) for name in line.scope.gateways}
    return tuple(sorted(names - {MESH_GATEWAY}))


@kept
def _http_lines(_: Mesh, virtual_service: VirtualService) -> tuple[Line, ...]:
    return tuple(sections(virtual_service)[0])


def _text(line: Line) -> str | None:
    """What equal lines have in common for certain, to find them fast."""
    return "" if line.condition.is_catch_all else line.key


def _equal(mesh: Mesh, one: Line, other: Line) -> bool:
    if not one.scope.overlaps(other.scope):
        return False
    if one.condition.is_catch_all and other.condition.is_catch_all:
        return True
    return decided(mesh, lambda: one.condition.is_subset(other.condition)) is True and (
        decided(mesh, lambda: other.condition.is_subset(one.condition)) is True
    )


def act_alike(one: Line, other: Line) -> bool:
    """Whether both do the same, so that it does not matter which of them is reached."""
    return _action(one) == _action(other)


def _action(line: Line) -> Sequence[object]:
    value = line.route.value
    if not isinstance(value, dict):
        return []
    return [(key, value[key]) for key in sorted(value, key=str) if key not in ("match", "name")]
