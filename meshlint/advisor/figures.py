"""What parts of a mesh take, as others measured it: the figures with their sources."""

from __future__ import annotations

import json
from collections.abc import Mapping
from fractions import Fraction
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from meshlint.advisor.ranges import Range
from meshlint.records import frozen

_DATA = Path(__file__).parent / "data"
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


@frozen
class Bound:
    """One end of a range: from the source of that id, or assumed for the reason in `assumption`."""

    value: Fraction
    source: str = ""
    assumption: str = ""
    note: str = ""


@frozen(eq=False, slots=False)
class Figure:
    """What one unit takes: `cpu` in cores, `memory` in megabytes (of a million bytes) as the sources say it.

    `situation` is empty for what is taken at rest and at work alike, `load` for what comes with requests, and
    `busy` for what a proxy takes that is fully at work.
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

    @property
    def bounds(self) -> tuple[Bound, Bound, Bound]:
        """Low, typical and high."""
        return self.low, self.typical, self.high

    @cached_property
    def range(self) -> Range:
        """The range for one unit, in cores or bytes."""
        scale = _MEGABYTE if self.resource == "memory" else 1
        return Range(self.low.value * scale, self.typical.value * scale, self.high.value * scale)


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


@cache
def load_figures() -> Figures:
    """The figures that come with meshlint."""
    data = read_data("figures")
    sources = {name: Source(name, **about) for name, about in data["sources"].items()}
    return Figures({one["id"]: _figure(one) for one in data["figures"]}, sources)


def _figure(data: Mapping[str, Any]) -> Figure:
    bounds = ("low", "typical", "high")
    plain = {key: value for key, value in data.items() if key not in ("mesh", *bounds)}
    low, typical, high = (Bound(**data[name]) for name in bounds)
    return Figure(meshes=tuple(data["mesh"].split()), low=low, typical=typical, high=high, **plain)
