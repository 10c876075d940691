"""Signs of a need in the manifests."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.advisor.evidence.places import Place, place_of
from meshlint.documents import Field
from meshlint.resources import Resource
from meshlint.values import frozen


@frozen
class Evidence:
    """A place where a need shows.

    `at_gateway` tells that only a gateway is concerned, so that ambient takes no waypoint for it.
    """

    need: str
    place: Place
    at_gateway: bool = False


Found = Iterator[Evidence]


def seen(need: str, resource: Resource, field: Field | None = None, *, at_gateway: bool = False) -> Evidence:
    """That `need` shows at `field` of `resource`, or in the object as a whole."""
    return Evidence(need, place_of(resource, field), at_gateway)
