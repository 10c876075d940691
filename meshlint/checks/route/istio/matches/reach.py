"""Routes and matches that no request reaches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.shared.mended import removed
from meshlint.checks.world import World
from meshlint.documents import Field
from meshlint.traffic.conditions.lines import Line


def unreachable(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """Earlier routes take every request of a route. Routes that the same one hides are told together."""
    for virtual_service in world.mesh.virtual_services:
        hidden: dict[tuple[Line, ...], list[Field]] = {}
        for route in world.traffic.reach(virtual_service).routes:
            hidden.setdefault(route.by, []).append(route.route)
        for by, routes in hidden.items():
            first, *others = routes
            more = f" and {len(others)} after it" if others else ""
            yield Hit(
                first,
                f"{virtual_service.resource}: {_ordinal(first)}{more} is never reached, "
                f"because {_takers(by)} takes all of its requests",
                resource=virtual_service.resource,
                hint="Routes are tried in their order: put the narrower one first, or remove it.",
                fix=removed(*routes, safe=False, keeps_meaning=True),
                related=(*_places(by), *(Related(one, "never reached either") for one in others[:5])),
                about=_ordinal(first),
            )


def redundant(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """Earlier matches take every request of a match whose route others still reach."""
    for virtual_service in world.mesh.virtual_services:
        for match in world.traffic.reach(virtual_service).matches:
            yield Hit(
                match.line.at,
                f"{virtual_service.resource}: earlier matches take all that this one would, so it is idle",
                resource=virtual_service.resource,
                hint="Remove the match, or put it first.",
                fix=removed(match.line.at, keeps_meaning=True),
                related=_places(match.by),
                about=str(match.line.at.path),
            )


def gateway_rivals(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """VirtualServices on one gateway take the same requests for the same host."""
    from meshlint.traffic.reach.rivals import rivals

    for found in rivals(world.mesh):
        (first, line), *others = found.claims
        names = [f"{one.resource.namespace}/{one.resource.name}" for one, _ in others]
        more = f" and {len(names) - 1} more" if len(names) > 1 else ""
        yield Hit(
            line.at,
            f"{first.resource} takes the same requests on {found.gateway} as {names[0]}{more}, "
            f"so only the {'oldest' if more else 'older'} gets them",
            resource=first.resource,
            hint="A gateway puts the routes of all VirtualServices for a host in one list: tell them apart.",
            related=tuple(Related(other.at, "taken here too") for _, other in others[:5]),
            about=f"{found.host} {found.gateway}",
        )


def gateway_nested(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A match lies within a wider one of another VirtualService on the same gateway."""
    from meshlint.traffic.reach.nested import nested_rivals

    for rival in nested_rivals(world.mesh):
        resource = rival.virtual_service.resource
        other = f"{rival.other.resource.namespace}/{rival.other.resource.name}"
        yield Hit(
            rival.line.at,
            f"{resource} matches part of what {other} matches on {rival.gateway}, "
            "so it is reached only if it is the older",
            resource=resource,
            hint="Put both routes into one VirtualService, the narrower one first.",
            related=(Related(rival.other_line.at, "the wider match"),),
            about=f"{rival.host} {rival.gateway}",
        )


def no_default(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """No HTTP route of a VirtualService takes what the others leave."""
    from meshlint.traffic.conditions.lines import sections

    for virtual_service in world.mesh.virtual_services:
        if virtual_service.is_delegate or not all(one.match for one in virtual_service.http):
            continue
        lines = sections(virtual_service)[0]
        open_ended = any(line.match is None or line.condition.is_catch_all for line in lines)
        if lines and not open_ended:
            yield Hit(
                virtual_service.field / "http",
                f"{virtual_service.resource} has no route for the rest, so other requests get status 404",
                resource=virtual_service.resource,
                on_key=True,
                hint="Add a last route without `match` unless that is meant.",
            )


def _ordinal(route: Field) -> str:
    section, index = route.path[-2:]
    return f"{section} route {int(index) + 1}"


def _takers(by: tuple[Line, ...]) -> str:
    numbers = sorted({line.position + 1 for line in by})
    if len(numbers) == 1:
        return f"route {numbers[0]}"
    return f"routes {', '.join(map(str, numbers[:-1]))} and {numbers[-1]}"


def _places(by: tuple[Line, ...]) -> tuple[Related, ...]:
    return tuple(Related(line.at, "taken here") for line in by[:3])
