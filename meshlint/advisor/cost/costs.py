"""What each mesh would take of a cluster, item by item, so that every sum can be traced."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from fractions import Fraction
from functools import cached_property

from meshlint.advisor.cost.figures import Figure, Figures, Source
from meshlint.advisor.cost.ranges import Range, total
from meshlint.advisor.cost.size import Size
from meshlint.advisor.cost.weights import Weights
from meshlint.advisor.meshes import MESHES, MeshChoice
from meshlint.values import frozen

_THOUSAND = 1000
_GIB = 2**30


class Situation(Enum):
    """When a cost is taken: without requests, under the stated load, or with every proxy fully at work."""

    REST = "rest"
    LOAD = "load"
    BUSY = "busy"


@frozen
class Item:
    """So many units at what a figure says that one of them takes."""

    mesh: MeshChoice
    plane: str
    resource: str
    situation: Situation
    figure: Figure
    count: Fraction
    of: str

    @property
    def range(self) -> Range:
        """Cores or bytes."""
        return self.figure.range.times(self.count)

    @property
    def id(self) -> str:
        """A name that is unique in an answer."""
        return f"{self.mesh.value}/{self.situation.value}/{self.figure.id}"


@frozen(eq=False, slots=False)
class Cost:
    """What one mesh takes in one situation of workloads of that size. Shares are of what these request."""

    mesh: MeshChoice
    situation: Situation
    items: tuple[Item, ...]
    size: Size
    prices: Prices

    def sum(self, resource: str, plane: str | None = None) -> Range:
        """The cores or bytes of both planes, or of one."""
        return total(i.range for i in self.items if i.resource == resource and plane in (None, i.plane))

    @cached_property
    def cpu(self) -> Range:
        """Cores."""
        return self.sum("cpu")

    @cached_property
    def memory(self) -> Range:
        """Bytes."""
        return self.sum("memory")

    @cached_property
    def share(self) -> Range | None:
        """What it is worth, of what the requests are worth; None if the workloads request nothing."""
        return _share(self.worth, self.own_worth)

    @property
    def telling_share(self) -> Range | None:
        """The share where it tells something; None where the workloads request less than the mesh takes."""
        return _telling(self.share)

    @property
    def cpu_share(self) -> Range | None:
        """The cores, of those that are requested, where that tells something."""
        return _telling(_share(self.cpu, self.size.cpu))

    @property
    def memory_share(self) -> Range | None:
        """The memory, of what is requested, where that tells something."""
        return _telling(_share(self.memory, self.size.memory))

    @cached_property
    def worth(self) -> Range:
        """Cores and memory together, in the unit of the prices."""
        return self.prices.worth(self.cpu, self.memory)

    @cached_property
    def own_worth(self) -> Fraction:
        """What the workloads request themselves, in the same unit."""
        return self.prices.worth(_exactly(self.size.cpu), _exactly(self.size.memory)).typical

    def years(self, sources: Mapping[str, Source]) -> tuple[int, int] | None:
        """The years of the oldest and the newest statement in it; None if everything is assumed."""
        bounds = (bound for item in self.items for bound in item.figure.stated)
        found = {sources[bound.source].year for bound in bounds if bound.source}
        return (min(found), max(found)) if found else None

    def per_pod(self, resource: str) -> Range | None:
        """The cores or bytes for each pod of the workloads; None if there are none."""
        return self.sum(resource).times(Fraction(1, self.size.pods)) if self.size.pods else None

    def money(self, cpu_price: Fraction | None, memory_price: Fraction | None) -> Range | None:
        """What it costs in a month, at the price of a core and of a GiB; None without both prices."""
        if cpu_price is None or memory_price is None:
            return None
        return self.cpu.times(cpu_price).plus(self.memory.times(memory_price / _GIB))


@frozen
class Prices:
    """What a core and a GiB are worth, in a unit of which only the proportion matters."""

    core: Fraction
    gib: Fraction

    def worth(self, cpu: Range, memory: Range) -> Range:
        """Both together."""
        return cpu.times(self.core).plus(memory.times(self.gib / _GIB))


@frozen
class Model:
    """Everything that the cost and the decision rest on besides the workload: figures, weights and prices."""

    figures: Figures
    weights: Weights
    prices: Prices


Count = Callable[[Size, Weights], tuple[Fraction | int, str]]


def _through_proxies(size: Size, weights: Weights) -> tuple[Fraction, str]:
    passes = size.rps * weights.assumed("proxies-per-request") / _THOUSAND
    return passes, "thousand requests per second through proxies"


def _waypoint_replicas(size: Size, weights: Weights) -> tuple[Fraction, str]:
    return size.waypoints * weights.assumed("waypoint-replicas"), "waypoint replicas"


_COUNTS: dict[str, Count] = {
    "sidecar": lambda size, _: (size.pods, "pods"),
    "proxy": lambda size, _: (size.pods, "pods"),
    "pod": lambda size, _: (size.pods, "pods"),
    "sidecar and service it is told of": lambda size, _: (size.seen, "services told to sidecars"),
    "node": lambda size, _: (size.nodes, "nodes"),
    "node and pod of the mesh": lambda size, _: (size.nodes * size.pods, "pods told to ztunnels"),
    "waypoint replica": _waypoint_replicas,
    "istiod": lambda _size, _weights: (1, "istiod"),
    "control plane": lambda _size, _weights: (1, "control plane"),
    "1,000 requests per second through a sidecar": _through_proxies,
    "1,000 requests per second through a proxy": _through_proxies,
    "1,000 requests per second through a ztunnel": _through_proxies,
    "1,000 requests per second through waypoints": lambda size, _: (
        size.waypoint_rps / _THOUSAND,
        "thousand requests per second through waypoints",
    ),
}

_REPLACED_WHEN_BUSY = frozenset(
    {"sidecar-cpu-rest", "linkerd-cpu-rest", "ztunnel-cpu-rest", "waypoint-cpu-rest"}
)


def costs(size: Size, model: Model, when: Situation) -> tuple[Cost, ...]:
    """What each mesh takes in that situation."""
    return tuple(_cost(mesh, size, model, when) for mesh in MESHES)


def _cost(mesh: MeshChoice, size: Size, model: Model, when: Situation) -> Cost:
    items = tuple(
        Item(mesh, figure.plane, figure.resource, when, figure, *_counted(figure, size, model.weights))
        for figure in model.figures.by_id.values()
        if mesh.value in figure.meshes and _counts(figure, when)
    )
    return Cost(mesh, when, tuple(item for item in items if item.count), size, model.prices)


def _counts(figure: Figure, when: Situation) -> bool:
    if when is Situation.BUSY and figure.id in _REPLACED_WHEN_BUSY:
        return False
    return figure.situation in ("", when.value)


def _counted(figure: Figure, size: Size, weights: Weights) -> tuple[Fraction, str]:
    count, of = _COUNTS[figure.per](size, weights)
    return Fraction(count), of


def _exactly(amount: Fraction) -> Range:
    return Range(amount, amount, amount)


def _telling(share: Range | None) -> Range | None:
    return None if share is None or share.typical > 1 else share


def _share(taken: Range, own: Fraction) -> Range | None:
    return taken.times(1 / own) if own > 0 else None


def prices_of(cpu_price: Fraction | None, memory_price: Fraction | None, weights: Weights) -> Prices:
    """The stated prices, or the proportion that is assumed where they are not stated or nothing costs."""
    if cpu_price is None or memory_price is None or not (cpu_price or memory_price):
        return Prices(weights.assumed("gib-per-core"), Fraction(1))
    return Prices(cpu_price, memory_price)


def cost_of(mesh: MeshChoice, found: Iterable[Cost]) -> Cost:
    """The one of `found` that is of that mesh."""
    return next(cost for cost in found if cost.mesh is mesh)
