"""How the destinations of a route share its requests, as their weights really work out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum
from itertools import chain
from typing import TYPE_CHECKING, Any

from meshlint.documents import Field
from meshlint.mesh import Mesh
from meshlint.mesh.remembered import kept
from meshlint.resources.gateway_api.reference import BackendRef
from meshlint.resources.gateway_api.route import AnyRoute, RouteRule
from meshlint.resources.istio.destination import RouteDestination
from meshlint.resources.istio.http_route import HttpRoute
from meshlint.resources.istio.l4_route import L4Route
from meshlint.resources.istio.virtual_service import VirtualService
from meshlint.resources.resource import Resource
from meshlint.resources.smi.traffic_split import TrafficSplit
from meshlint.values import frozen, once

if TYPE_CHECKING:
    from fractions import Fraction


class Weighting(Enum):
    """Whose rules the weights follow: all take shares of the sum, but an absent weight differs."""

    ISTIO = "istio"
    GATEWAY_API = "gateway-api"
    SMI = "smi"


_ABSENT = {Weighting.ISTIO: 0, Weighting.GATEWAY_API: 1, Weighting.SMI: 0}


@frozen(eq=False, repr=False)
class Share:
    """One destination: `written` is its weight as the author gave it, `weight` what the mesh counts.

    Only SMI has weights that are no whole numbers.
    """

    field: Field
    name: str
    written: Fraction | int | None
    weight: Fraction | int

    @property
    def at(self) -> Field:
        """The weight, or the destination where none is written."""
        return self.field / "weight" if self.written is not None else self.field


@frozen(eq=False, slots=False, repr=False)
class Split:
    """The destinations of one route."""

    resource: Resource
    field: Field
    weighting: Weighting
    shares: tuple[Share, ...]

    @once
    def total(self) -> Fraction | int:
        """The sum of the weights that count."""
        return sum(share.weight for share in self.shares)

    def part(self, share: Share) -> Fraction:
        """The part of the requests that a destination gets, from 0 to 1.

        A lone destination gets all of them, whatever its weight (Istio: route weights are shares); the
        Gateway API sends nothing to a lone backend of weight 0.
        """
        if len(self.shares) == 1 and self.weighting is Weighting.ISTIO:
            return _exact(1)
        return _exact(share.weight) / self.total if self.total > 0 else _exact(0)


def splits(mesh: Mesh) -> Iterator[Split]:
    """The split of every route in view whose weights can be read."""
    for virtual_service in mesh.virtual_services:
        yield from _of_virtual_service(mesh, virtual_service)
    for route in mesh.routes:
        yield from _of_route(mesh, route)
    for traffic_split in mesh.traffic_splits:
        yield from _of_traffic_split(traffic_split)


@kept
def _of_virtual_service(_: Mesh, virtual_service: VirtualService) -> tuple[Split, ...]:
    routes: tuple[HttpRoute | L4Route, ...]
    routes = (*virtual_service.http, *virtual_service.tls, *virtual_service.tcp)
    found = (destination_split(virtual_service.resource, one.field / "route", one.route) for one in routes)
    return tuple(chain.from_iterable(found))


def destination_split(
    resource: Resource, field: Field, destinations: Sequence[RouteDestination]
) -> Iterator[Split]:
    """The split over the destinations of a VirtualService's route, if its weights can be read."""
    names = destination_names(destinations)
    entries = [
        (destination.field, name, destination.weight)
        for destination, name in zip(destinations, names, strict=True)
    ]
    return _split(resource, field, Weighting.ISTIO, entries)


def destination_names(destinations: Sequence[RouteDestination]) -> tuple[str, ...]:
    """What to call each destination: the subset where that tells them apart, else host and port too."""
    places = [entry.destination for entry in destinations]
    subsets = [str(place.subset or "") for place in places]
    if all(subsets) and len(set(subsets)) == len(subsets):
        return tuple(subsets)
    return tuple(_long_name(place.host, place.subset, place.port) for place in places)


def _long_name(host: str | None, subset: str | None, port: int | None) -> str:
    name = str(host or "")
    if port is not None:
        name = f"{name}:{port}"
    return f"{name} {subset}" if subset else name


@kept
def _of_route(_: Mesh, route: AnyRoute) -> tuple[Split, ...]:
    return tuple(chain.from_iterable(_of_rule(route.resource, rule) for rule in route.rules))


def _of_rule(resource: Resource, rule: RouteRule[Any]) -> Iterator[Split]:
    entries = [(ref.field, _backend_name(ref), _written(ref)) for ref in rule.backend_refs]
    return _split(resource, rule.field / "backendRefs", Weighting.GATEWAY_API, entries)


def _backend_name(ref: BackendRef) -> str:
    return f"{ref.name or ''}:{ref.port}" if ref.port is not None else str(ref.name or "")


def _written(ref: BackendRef) -> int | None:
    return ref.weight if ref.field / "weight" else None


def _of_traffic_split(traffic_split: TrafficSplit) -> Iterator[Split]:
    field = traffic_split.resource.spec / "backends"
    entries = [(one.field, str(one.service or ""), one.weight) for one in traffic_split.backends]
    return _split(traffic_split.resource, field, Weighting.SMI, entries)


def _split(
    resource: Resource,
    field: Field,
    weighting: Weighting,
    entries: Sequence[tuple[Field, str, Fraction | int | None]],
) -> Iterator[Split]:
    if not entries or any(_unreadable(place, weight, weighting) for place, _, weight in entries):
        return
    absent = _ABSENT[weighting]
    shares = (Share(place, name, w, absent if w is None else w) for place, name, w in entries)
    yield Split(resource, field, weighting, tuple(shares))


def _unreadable(field: Field, weight: Fraction | int | None, weighting: Weighting) -> bool:
    """Tell whether the weight has a type of which the schema rules speak."""
    written = (field / "weight").value
    if weighting is Weighting.GATEWAY_API:
        return written is not None and (isinstance(written, bool) or not isinstance(written, int))
    return weight is None and written is not None


def _exact(number: Fraction | int) -> Fraction:
    from fractions import Fraction  # takes long to load, and few sets share requests out

    return Fraction(number)
