"""How each mesh does by each criterion, as a penalty from 0 (nothing against it) to 1."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from meshlint.advisor.cost.costs import Cost, Situation, cost_of, costs
from meshlint.advisor.cost.ranges import ZERO, Range, total
from meshlint.advisor.cost.weights import CRITERIA, penalty
from meshlint.advisor.meshes import MESHES, MeshChoice
from meshlint.advisor.needs import Answer, Need
from meshlint.advisor.verdict.case import Case
from meshlint.values import frozen

_SHORT = Fraction(1)
_LACKING = Fraction(2)


@frozen
class Standing:
    """One mesh: what it costs, how it scores (lower is better), and the needs that exclude it.

    `penalties` are by criterion, before weighing; `score` is their weighed sum.
    """

    mesh: MeshChoice
    cost: Cost
    penalties: Mapping[str, Range]
    score: Range
    excluded_by: tuple[Need, ...]
    short_of: tuple[Need, ...]
    lacking: tuple[Need, ...]

    @property
    def is_possible(self) -> bool:
        """Whether no hard need excludes it."""
        return not self.excluded_by


def standings(case: Case) -> tuple[Standing, ...]:
    """All meshes, the best first; those that are excluded come last."""
    when = Situation.LOAD if case.size.rps else Situation.REST
    found = costs(case.size, case.model, when)
    cheapest = min(one.worth.typical for one in found)
    unranked = [_standing(case, mesh, cost_of(mesh, found), cheapest) for mesh in MESHES]
    return tuple(
        sorted(unranked, key=lambda one: (not one.is_possible, one.score.typical, MESHES.index(one.mesh)))
    )


def _standing(case: Case, mesh: MeshChoice, cost: Cost, cheapest: Fraction) -> Standing:
    weights = case.model.weights
    excluded = tuple(need for need in case.needs if need.excludes(mesh))
    answers = {need: need.support[mesh].answer for need in case.needs if need not in excluded}
    short = tuple(need for need, answer in answers.items() if answer is Answer.WORKAROUND)
    lacking = tuple(need for need, answer in answers.items() if answer is Answer.NO)
    penalties = {
        "cost": _cost_penalty(case, cost, cheapest),
        "needs": _flat(weights.scaled("needs", len(short) * _SHORT + len(lacking) * _LACKING)),
        "operations": _flat(weights.scaled("operations", _burden(case, mesh))),
        "switching": _flat(_switching(case, mesh)),
    }
    score = total(penalties[criterion].times(weights.weight(criterion)) for criterion in CRITERIA)
    return Standing(mesh, cost, penalties, score, excluded, short, lacking)


def _cost_penalty(case: Case, cost: Cost, cheapest: Fraction) -> Range:
    """Against what the workloads request, or against the cheapest mesh where even this one takes more.

    Held against the requests alone, any two costs that exceed them by far would count alike.
    """
    if not case.size.pods:
        return ZERO
    scale = max(cost.own_worth * case.model.weights.scales["cost"].value, cheapest)
    worth = cost.worth
    return Range(penalty(worth.low, scale), penalty(worth.typical, scale), penalty(worth.high, scale))


def _burden(case: Case, mesh: MeshChoice) -> Fraction:
    return sum((one.points for one in case.model.weights.burdens if one.mesh is mesh), Fraction(0))


def _switching(case: Case, mesh: MeshChoice) -> Fraction:
    """Half for leaving the mesh that runs, and up to the other half for objects without a counterpart."""
    if case.current is None or case.current is mesh:
        return Fraction(0)
    without = case.model.weights.scaled("switching", Fraction(case.unmatched.get(mesh, 0)))
    return (1 + without) / 2


def _flat(value: Fraction) -> Range:
    return Range(value, value, value)
