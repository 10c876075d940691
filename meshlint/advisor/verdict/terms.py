"""On which terms a mesh comes: its licence, support, releases and FIPS builds, and what leaving one costs."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from meshlint.advisor.cost.figures import read_data
from meshlint.advisor.meshes import MeshChoice
from meshlint.advisor.verdict.case import Case
from meshlint.advisor.verdict.decision import Decision
from meshlint.advisor.words import plural
from meshlint.values import frozen

LEAVING = "leaving"
_FIPS = "fips"
_ISTIO = frozenset({MeshChoice.ISTIO_SIDECAR, MeshChoice.ISTIO_AMBIENT})


@frozen
class Term:
    """One condition that comes with a mesh. `source` and `date` are empty for what was counted here."""

    about: str
    text: str
    meshes: tuple[MeshChoice, ...]
    source: str = ""
    date: str = ""


@cache
def load_terms() -> tuple[Term, ...]:
    """All terms that come with meshlint, in the order in which they are told."""
    return tuple(
        Term(**{**one, "meshes": tuple(map(MeshChoice, one["meshes"].split()))})
        for one in read_data("terms")["terms"]
    )


def deciding_terms(case: Case, decision: Decision) -> tuple[Term, ...]:
    """The terms that tell the meshes in question apart, or that a need asks about.

    In question are the recommended mesh, the next one, and the one that runs.
    """
    return (*_leaving(case, decision), *_of_meshes(case, _in_question(case, decision)))


def _in_question(case: Case, decision: Decision) -> frozenset[MeshChoice]:
    if decision.chosen is None:
        return frozenset()
    found = {decision.choice, *([case.current] if case.current else [])}
    return frozenset(found | ({decision.next.mesh} if decision.next else set()))


def _of_meshes(case: Case, meshes: frozenset[MeshChoice]) -> Iterator[Term]:
    """Istio is one project, so its two ways differ in FIPS builds only."""
    tells_apart = bool(meshes) and not meshes <= _ISTIO
    asks_fips = any(need.id == _FIPS for need in case.needs)
    for term in load_terms():
        if meshes.intersection(term.meshes) and (asks_fips if term.about == _FIPS else tells_apart):
            yield term


def _leaving(case: Case, decision: Decision) -> Iterator[Term]:
    """What it costs to go from the mesh that runs to the recommended one, or from this to the next one."""
    if case.current is None or decision.chosen is None:
        return
    goal = decision.next.mesh if decision.choice is case.current and decision.next else decision.choice
    if goal is case.current:
        return
    lost = case.unmatched.get(goal, 0)
    objects = f"{plural(lost, 'object')} (counted) {'has' if lost == 1 else 'have'} no counterpart there"
    text = (
        f"Leaving {case.current.title} for {goal.title} means to restart every pod and to run both "
        f"meanwhile; {objects if lost else 'each object (counted) has a counterpart there'}"
    )
    yield Term(LEAVING, text, (case.current, goal))
