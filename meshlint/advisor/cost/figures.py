"""What parts of a mesh take, as others measured it: the figures with their sources."""

from __future__ import annotations

import json
from collections.abc import Mapping
from fractions import Fraction
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from meshlint.advisor.cost.ranges import Range
from meshlint.values import evolve, frozen

_DATA = Path(__file__).parent.parent / "data"
_MEGABYTE = 10**6


@frozen
class Source:
    """Somebody's statement or measurement. `kind` says what to think of it."""

    id: str
    by: str
    title: str
    date: str
    kind: str
    url: str = ""

    @property
    def when(self) -> Fraction:
        """The date in years; a year without a month is taken at its middle."""
        year, _, rest = self.date.partition("-")
        month = rest.partition("-")[0]
        return int(year) + (Fraction(int(month) - 1, 12) if month else Fraction(1, 2))

    @property
    def year(self) -> int:
        """The year of it."""
        return int(self.date[:4])


@frozen
class Bound:
    """One end of a range: from the source of that id, or assumed for the reason in `assumption`.

    `counted` is the value as it counts beside newer ones; None where it counts as it is stated.
    """

    value: Fraction
    source: str = ""
    assumption: str = ""
    note: str = ""
    counted: Fraction | None = None

    @property
    def amount(self) -> Fraction:
        """The value that enters sums."""
        return self.value if self.counted is None else self.counted


@frozen(eq=False, slots=False)
class Figure:
    """What one unit takes: `cpu` in cores, `memory` in megabytes (of a million bytes) as the sources say it.

    `situation` is empty for what is taken at rest and at work alike, `load` for what comes with requests, and
    `busy` for what a proxy takes that is fully at work. `others` are further statements of what is typical.
    """

    id: str
    meshes: tuple[str, ...]
    plane: str
    resource: str
    per: str
    what: str
    low: Bound
    typical: Bound
    high: Bound
    situation: str = ""
    others: tuple[Bound, ...] = ()

    @property
    def stated(self) -> tuple[Bound, ...]:
        """Everything that the range is made of."""
        return (*self.bounds, *self.others)

    @property
    def bounds(self) -> tuple[Bound, Bound, Bound]:
        """Low, typical and high."""
        return self.low, self.typical, self.high

    @cached_property
    def range(self) -> Range:
        """The range for one unit, in cores or bytes."""
        scale = _MEGABYTE if self.resource == "memory" else 1
        return Range(self.low.amount * scale, self.typical.amount * scale, self.high.amount * scale)


@frozen
class Figures:
    """All figures by id, and all sources by id."""

    by_id: Mapping[str, Figure]
    sources: Mapping[str, Source]

    def get(self, figure: str) -> Figure:
        """The figure of that id."""
        return self.by_id[figure]


def read_data(name: str) -> Any:
    """The data file of that name, with numbers as exact fractions."""
    text = (_DATA / f"{name}.json").read_text(encoding="utf-8")
    return json.loads(text, parse_float=Fraction, parse_int=Fraction)


def load_figures(years_current: Fraction | None = None) -> Figures:
    """The figures that come with meshlint, each weighed by its age.

    A statement counts whole for `years_current` after the newest one about the same thing, and in inverse
    proportion to its age from then on; None takes what the weights assume.
    """
    if years_current is None:
        years_current = read_data("weights")["assumptions"]["years-current"]["value"]
    return _figures(years_current)


@cache
def _figures(years_current: Fraction) -> Figures:
    data = read_data("figures")
    sources = {name: Source(name, **about) for name, about in data["sources"].items()}
    plain = (_figure(one) for one in data["figures"])
    return Figures({one.id: weighed(one, sources, years_current) for one in plain}, sources)


def _figure(data: Mapping[str, Any]) -> Figure:
    bounds = ("low", "typical", "high")
    plain = {key: value for key, value in data.items() if key not in ("mesh", "others", *bounds)}
    low, typical, high = (Bound(**data[name]) for name in bounds)
    others = tuple(Bound(**one) for one in data.get("others", ()))
    return Figure(
        meshes=tuple(data["mesh"].split()), low=low, typical=typical, high=high, others=others, **plain
    )


def weighed(figure: Figure, sources: Mapping[str, Source], years_current: Fraction) -> Figure:
    """`figure` with its typical value as the mean of what is stated, and with old ends drawn towards it."""
    dates = [sources[one.source].when for one in figure.stated if one.source]
    newest = max(dates, default=Fraction(0))

    def weight(bound: Bound) -> Fraction:
        age = newest - sources[bound.source].when if bound.source else Fraction(0)
        return years_current / age if age > years_current else Fraction(1)

    statements = (figure.typical, *figure.others)
    together = sum((weight(one) for one in statements), Fraction(0))
    typical = sum((one.value * weight(one) for one in statements), Fraction(0)) / together

    def drawn(bound: Bound) -> Bound:
        amount = typical + (bound.value - typical) * weight(bound)
        return bound if amount == bound.value else evolve(bound, counted=amount)

    middle = figure.typical if typical == figure.typical.value else evolve(figure.typical, counted=typical)
    return evolve(figure, low=drawn(figure.low), typical=middle, high=drawn(figure.high))
