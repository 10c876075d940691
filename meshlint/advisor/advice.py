"""The advice: everything that was counted, computed and decided, ready to be told."""

from __future__ import annotations

from collections.abc import Iterable

from meshlint.advisor.cost.costs import Cost, Model, Situation, costs, prices_of
from meshlint.advisor.cost.figures import load_figures
from meshlint.advisor.cost.weights import Weights
from meshlint.advisor.evidence.features import Evidence
from meshlint.advisor.evidence.profile import Profile, profile_of
from meshlint.advisor.evidence.sizing import size_of
from meshlint.advisor.given import Given
from meshlint.advisor.meshes import MeshChoice
from meshlint.advisor.needs import Need, load_needs
from meshlint.advisor.verdict.case import Case
from meshlint.advisor.verdict.decision import Decision, decide
from meshlint.advisor.verdict.flips import Flip, flips
from meshlint.advisor.verdict.migration import Note, migration_notes, unmatched
from meshlint.advisor.verdict.reasons import Reason, objections, reasons
from meshlint.advisor.verdict.terms import Term, deciding_terms
from meshlint.mesh import Mesh
from meshlint.values import frozen


@frozen(eq=False)
class NeedRow:
    """A need, where it shows, and whether it was asked for."""

    need: Need
    evidence: tuple[Evidence, ...]
    asked: bool


@frozen(eq=False)
class Advice:
    """Which mesh, why, at what cost, and what would change it.

    `costs` has every situation that can be told: at rest, under the stated load if there is one, and with
    every proxy fully at work. `peak` is the cost in the decisive situation with every autoscaler at its
    maximum, empty where no autoscaler adds pods.
    """

    given: Given
    profile: Profile
    case: Case
    needs: tuple[NeedRow, ...]
    costs: tuple[Cost, ...]
    peak: tuple[Cost, ...]
    decision: Decision
    reasons: tuple[Reason, ...]
    objections: tuple[Reason, ...]
    flips: tuple[Flip, ...]
    migration: tuple[Note, ...]
    terms: tuple[Term, ...]

    @property
    def model(self) -> Model:
        """Figures, weights and prices."""
        return self.case.model

    @property
    def decisive(self) -> Situation:
        """The situation that the decision rests on."""
        return Situation.LOAD if self.case.size.rps else Situation.REST

    def costs_when(self, situation: Situation) -> tuple[Cost, ...]:
        """The costs of all meshes in one situation."""
        return tuple(cost for cost in self.costs if cost.situation is situation)


def advise(mesh: Mesh, given: Given, weights: Weights) -> Advice:
    """The advice for the workloads in `mesh`."""
    profile = profile_of(mesh, weights, given.nodes)
    rows = _need_rows(profile, given)
    needs = tuple(row.need for row in rows)
    model = Model(
        load_figures(weights.assumed("years-current")),
        weights,
        prices_of(given.cpu_price, given.memory_price, weights),
    )
    case = Case(
        model, size_of(profile, needs, given), needs, profile.current, unmatched(mesh, profile.evidence)
    )
    decision = decide(case)
    return Advice(
        given=given,
        profile=profile,
        case=case,
        needs=rows,
        costs=_all_costs(case),
        peak=_peak(case, profile, needs, given),
        decision=decision,
        reasons=reasons(case, decision),
        objections=objections(case, decision),
        flips=flips(case, decision, load_needs().values()),
        migration=_migration(mesh, profile, decision.choice),
        terms=deciding_terms(case, decision),
    )


def _need_rows(profile: Profile, given: Given) -> tuple[NeedRow, ...]:
    return tuple(
        NeedRow(need, profile.evidence.get(name, ()), name in given.needs)
        for name, need in load_needs().items()
        if name in given.needs or (name in profile.evidence and name not in given.without)
    )


def _all_costs(case: Case) -> tuple[Cost, ...]:
    situations = [Situation.REST, *([Situation.LOAD] if case.size.rps else []), Situation.BUSY]
    return tuple(cost for when in situations for cost in costs(case.size, case.model, when))


def _peak(case: Case, profile: Profile, needs: Iterable[Need], given: Given) -> tuple[Cost, ...]:
    if sum(one.replicas.most for one in profile.serving) == case.size.pods:
        return ()
    size = size_of(profile, needs, given, peak=True)
    return costs(size, case.model, Situation.LOAD if size.rps else Situation.REST)


def _migration(mesh: Mesh, profile: Profile, choice: MeshChoice) -> tuple[Note, ...]:
    if choice is MeshChoice.NONE or profile.current in (None, choice):
        return ()
    return migration_notes(mesh, profile.evidence, choice)
