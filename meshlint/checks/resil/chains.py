"""What adds up along calls that cause further calls: retries that multiply, timeouts that abandon work."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import groupby
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.world import World
from meshlint.documents import Field
from meshlint.journeys.abandoned import Abandoned, abandoned
from meshlint.journeys.hops import Hop
from meshlint.journeys.repeated import Repeated, repeated, tries_of
from meshlint.journeys.settings import Setting
from meshlint.resources import Resource


def retries_multiplied(world: World, parameters: Mapping[str, Any]) -> Iterator[Hit]:
    """Retries on several calls in a row send one request very often."""
    seen: set[tuple[str, str]] = set()
    found = repeated(world.mesh, int(parameters["requests"]))
    for one in sorted(found, key=lambda each: (-each.requests, len(each.hops), _names(each.hops))):
        last, retries = one.hops[-1], one.hops[-1].route.tries
        if retries is None or _place(retries.field) in seen:
            continue
        seen.add(_place(retries.field))
        owner = _owner(world, retries)
        yield Hit(
            retries.field,
            f"{owner or 'the mesh'} retries at the end of {len(one.hops)} calls in a row, "
            f"so {last.server.name} can get {one.requests} requests for one",
            resource=owner,
            on_key=isinstance(retries.field.value, dict),
            hint="Retry on one of the calls only, as near to the failure as can be.",
            related=tuple(_steps(one)),
        )


def _names(hops: tuple[Hop, ...]) -> tuple[str, ...]:
    return tuple(hop.server.id for hop in hops)


def _place(field: Field) -> tuple[str, str]:
    span = field.span()
    return field.document.file, f"{span.line}:{span.column}"


def _steps(one: Repeated) -> Iterator[Related]:
    for hop in one.hops:
        yield Related(hop.because, f"{hop.client.name} calls {hop.server.name}")
        if hop.route.tries is not None and hop is not one.hops[-1]:
            yield Related(hop.route.tries.field, f"up to {tries_of(hop)} times for each request")


def timeout_abandons(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A caller gives up before the server stops to wait for a call of its own."""

    def place(one: Abandoned) -> tuple[str, str]:
        return _place(one.patience.field)

    for _place_of, group in groupby(sorted(abandoned(world.mesh), key=place), key=place):
        worst, *_rest = sorted(group, key=_worst_first)
        first, second = worst.first, worst.second
        owner = _owner(world, worst.patience)
        yield Hit(
            worst.patience.field,
            f"{owner} lets {first.client.name} wait {_seconds(worst.patience)} for {first.server.name}, "
            f"which waits {_seconds(worst.wait)} for {second.server.name}, so it works on for nobody",
            resource=owner,
            on_key=isinstance(worst.patience.field.value, dict),
            hint="Let a call wait longer than the calls behind it, or shorten those.",
            related=(
                Related(first.because, f"{first.client.name} calls {first.server.name}"),
                Related(second.because, f"{second.client.name} calls {second.server.name}"),
                Related(worst.wait.field, f"{_seconds(worst.wait)} for {second.server.name}"),
            ),
        )


def _worst_first(one: Abandoned) -> tuple[Fraction, str, str, str]:
    return -one.wait.amount, one.first.client.id, one.first.server.id, one.second.server.id


def _seconds(setting: Setting) -> str:
    return f"{float(setting.amount):g}s" + (" a try" if setting.is_of_each else "")


def _owner(world: World, setting: Setting) -> Resource | None:
    """The object that a setting is written in, which may be a delegate's root; None for the mesh's."""
    if setting.owner.document is setting.field.document:
        return setting.owner
    every = world.resources.resources
    return next((one for one in every if one.document is setting.field.document), None)
