"""What the decision assumes and how it weighs: data, which a configuration may change."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from typing import Any

from meshlint.advisor.cost.figures import read_data
from meshlint.advisor.meshes import MeshChoice
from meshlint.values import evolve, frozen

CRITERIA = ("cost", "needs", "operations", "switching")


@frozen
class Setting:
    """A number with the reason for it, and the source of it if somebody said so.

    `given` tells one that the user chose.
    """

    name: str
    value: Fraction
    why: str
    unit: str = ""
    given: bool = False
    source: str = ""


@frozen
class Burden:
    """Something that a mesh asks of those who run it."""

    mesh: MeshChoice
    points: Fraction
    why: str
    source: str


@frozen
class Weights:
    """Everything that is decided by opinion rather than by count."""

    assumptions: Mapping[str, Setting]
    weights: Mapping[str, Setting]
    scales: Mapping[str, Setting]
    burdens: tuple[Burden, ...]

    def assumed(self, name: str) -> Fraction:
        """The assumption of that name."""
        return self.assumptions[name].value

    def weight(self, criterion: str) -> Fraction:
        """How much a criterion counts."""
        return self.weights[criterion].value

    def scaled(self, criterion: str, points: Fraction) -> Fraction:
        """`points` of a criterion as a penalty from 0 to just under 1, a half where they reach its scale."""
        return penalty(points, self.scales[criterion].value)


def penalty(points: Fraction, scale: Fraction) -> Fraction:
    """`points` as a penalty from 0 to just under 1, a half where they reach `scale`."""
    return points / (points + scale) if points > 0 else Fraction(0)


@cache
def load_weights() -> Weights:
    """The assumptions and weights that come with meshlint."""
    data = read_data("weights")
    groups = {
        group: {name: Setting(name, **about) for name, about in data[group].items()}
        for group in ("assumptions", "weights", "scales")
    }
    burdens = tuple(Burden(**{**one, "mesh": MeshChoice(one["mesh"])}) for one in data["operations"])
    return Weights(**groups, burdens=burdens)


def with_overrides(weights: Weights, overrides: Mapping[str, Any]) -> Weights:
    """`weights` with the numbers that a configuration gives in its `weights`, `scales` and `assumptions`."""
    return evolve(
        weights,
        assumptions=_replaced(weights.assumptions, overrides.get("assumptions", {})),
        weights=_replaced(weights.weights, overrides.get("weights", {})),
        scales=_replaced(weights.scales, overrides.get("scales", {})),
    )


def _replaced(settings: Mapping[str, Setting], given: Mapping[str, Any]) -> dict[str, Setting]:
    return {
        name: evolve(setting, value=Fraction(str(given[name])), given=True, source="")
        if name in given
        else setting
        for name, setting in settings.items()
    }
