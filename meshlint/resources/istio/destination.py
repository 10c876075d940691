"""Where Istio routes send traffic to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshlint.documents import Field, Text
from meshlint.resources.istio.parts import Number, number, part
from meshlint.resources.view_class import view

if TYPE_CHECKING:
    from meshlint.resources.istio.http_actions import Headers


@view
class Destination:
    """A host, perhaps one subset and one port of it."""

    field: Field
    host: Text | None
    subset: Text | None
    port: int | None


@view
class RouteDestination:
    """One of a route's destinations.

    `weight` is None where none is written, which counts as 0 beside others (Istio: route weights are shares).
    """

    field: Field
    destination: Destination
    weight: int | None

    @property
    def headers(self) -> Headers | None:
        """Changes to the headers of requests that go here and of their responses."""
        from meshlint.resources.istio.http_actions import headers

        return part(self.field, "headers", headers)


@view
class Mirror:
    """A destination that gets a copy of the requests; `percentage` of them, from 0 to 100."""

    field: Field
    destination: Destination
    percentage: Number


def destination(field: Field) -> Destination:
    """The destination written at `field`, whose parts may all be missing."""
    return Destination(
        field,
        host=field.text("host"),
        subset=field.text("subset"),
        port=(field / "port").integer("number"),
    )


def route_destination(field: Field) -> RouteDestination:
    """The weighted destination written at `field`."""
    return RouteDestination(field, destination(field / "destination"), field.integer("weight"))


def mirrors(route: Field) -> tuple[Mirror, ...]:
    """The mirrors of an HTTP route, from `mirror` and from `mirrors`."""
    found = []
    if isinstance((route / "mirror").value, dict):
        found.append(Mirror(route / "mirror", destination(route / "mirror"), _percentage_of_mirror(route)))
    for item in route.items("mirrors"):
        if not isinstance(item.value, dict):
            continue
        share = _percentage(item, "percentage")
        found.append(Mirror(item, destination(item / "destination"), 100 if share is None else share))
    return tuple(found)


def _percentage_of_mirror(route: Field) -> Number:
    newest = _percentage(route, "mirrorPercentage")
    old = number(route, "mirrorPercent")
    oldest = number(route, "mirror_percent")
    return next((share for share in (newest, old, oldest) if share is not None), 100)


def _percentage(field: Field, key: str) -> Number | None:
    if not isinstance((field / key).value, dict):
        return None
    return number(field / key, "value") or 0
