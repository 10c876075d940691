"""Counts with their places."""

from __future__ import annotations

from collections.abc import Iterable

from meshlint.advisor.evidence.places import Place, place_of
from meshlint.resources import Resource
from meshlint.resources.order import name_of
from meshlint.values import frozen


@frozen
class Tally:
    """A count and where what was counted stands. `assumption` is set where something was assumed for it."""

    id: str
    title: str
    value: int
    places: tuple[Place, ...]
    assumption: str = ""


def tally(name: str, title: str, resources: Iterable[Resource]) -> Tally:
    """The count of `resources`."""
    places = tuple(place_of(resource) for resource in resources)
    return Tally(name, title, len(places), places)


def distinct(resources: Iterable[Resource]) -> list[Resource]:
    """Each object once, by its name in the cluster."""
    return list({name_of(resource): resource for resource in reversed(list(resources))}.values())[::-1]
