"""What would change the recommendation, found by asking again with that changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction

from meshlint.advisor.cost.costs import cost_of, costs
from meshlint.advisor.cost.size import Size
from meshlint.advisor.meshes import MeshChoice
from meshlint.advisor.needs import Need
from meshlint.advisor.verdict.case import Case
from meshlint.advisor.verdict.decision import Decision, Ground, decide
from meshlint.advisor.words import about, listed, rounded
from meshlint.values import evolve, frozen

_GIB = 2**30
_MOST_GROWTH = 64
_MOST_PODS = 100_000
_MOST_RPS_PER_POD = 1000
_STEPS = 8


@frozen
class Flip:
    """A change and what it leads to. `kind` says what changes; `leads_to` is the then recommended mesh."""

    kind: str
    text: str
    leads_to: MeshChoice


def flips(case: Case, decision: Decision, known: Iterable[Need]) -> tuple[Flip, ...]:
    """All changes that are looked for and make a difference."""
    absent = [need for need in known if need not in case.needs]
    return (
        *_needs_added(case, decision, absent),
        *_needs_dropped(case, decision),
        *_more_services(case, decision),
        *_more_pods(case, decision),
        *_more_requests(case, decision),
        *_node_threshold(case, decision),
        *_weightless(case, decision),
    )


def _needs_added(case: Case, decision: Decision, absent: list[Need]) -> Iterator[Flip]:
    """The needs that nobody has yet, by where they lead and whether they rule out the recommended mesh."""
    by_result: dict[tuple[bool, MeshChoice], list[Need]] = {}
    for need in absent:
        then = decide(case.with_need(need)).choice
        if then is not decision.choice:
            rules_out = decision.choice is not MeshChoice.NONE and need.excludes(decision.choice)
            by_result.setdefault((rules_out, then), []).append(need)
    for (rules_out, then), needs in sorted(by_result.items(), key=lambda one: not one[0][0]):
        titles = listed([need.title for need in needs], "; ")
        if rules_out:
            text = f"A need that rules out {decision.choice.title} leads to {then.title}: {titles}"
        elif decision.choice is MeshChoice.NONE:
            text = f"A need that a mesh serves leads to {then.title}: {titles}"
        else:
            text = f"A need that {then.title} meets better or at less cost leads to it: {titles}"
        yield Flip("need", text, then)


def _needs_dropped(case: Case, decision: Decision) -> Iterator[Flip]:
    """The needs that rule out a mesh, no more of them than it takes to change something."""
    found: dict[tuple[Need, ...], MeshChoice] = {}
    for standing in decision.standings:
        if not standing.is_possible:
            changed, gone = case.without(standing.mesh)
            found[gone] = decide(changed).choice
    for gone, then in found.items():
        takes_less = any(set(less) < set(gone) for less, other in found.items() if other is then)
        if then is not decision.choice and not takes_less:
            titles = listed([need.title for need in gone], "; ")
            yield Flip("without", f"Without these, {then.title} would be recommended: {titles}", then)


def _more_services(case: Case, decision: Decision) -> Iterator[Flip]:
    if decision.ground is not Ground.FEW_SERVICES:
        return
    few = int(case.model.weights.assumed("hand-managed-services"))
    then = decide(evolve(case, size=evolve(case.size, services=few + 1))).choice
    if then is not decision.choice:
        text = f"With more than {few} services {then.title} would be recommended"
        yield Flip("services", text, then)


def _more_pods(case: Case, decision: Decision) -> Iterator[Flip]:
    if not case.size.pods or decision.choice is MeshChoice.NONE:
        return

    def at(factor: Fraction) -> MeshChoice:
        return decide(evolve(case, size=_grown(case, factor))).choice

    found = _turning_point(
        lambda factor: at(factor) is not decision.choice, Fraction(1), Fraction(_MOST_GROWTH)
    )
    if found is not None:
        pods = about(case.size.pods * found)
        then = at(found)
        yield Flip("pods", f"Above about {pods} pods of this make {then.title} would be recommended", then)


def _more_requests(case: Case, decision: Decision) -> Iterator[Flip]:
    if not case.size.pods or decision.choice is MeshChoice.NONE:
        return
    share = Fraction(case.size.waypoint_pods, case.size.pods)
    if case.size.rps:
        share = case.size.waypoint_rps / case.size.rps

    def at(rps: Fraction) -> MeshChoice:
        size = evolve(case.size, rps=rps, waypoint_rps=rps * share)
        return decide(evolve(case, size=size)).choice

    start = max(case.size.rps, Fraction(1))
    most = max(start, Fraction(case.size.pods * _MOST_RPS_PER_POD))
    found = _turning_point(lambda rps: at(rps) is not decision.choice, start, most)
    if found is not None:
        then = at(found)
        text = f"Above about {about(found)} requests per second {then.title} would be recommended"
        yield Flip("requests", text, then)


def _node_threshold(case: Case, decision: Decision) -> Iterator[Flip]:
    """From how many pods on the memory that the choice saves against the next one fills a node."""
    chosen, rival = decision.chosen, decision.next
    if chosen is None or rival is None or not case.size.pods:
        return
    weights = case.model.weights
    node = weights.assumed("node-memory") * _GIB

    def saves_a_node(factor: Fraction) -> bool:
        found = costs(_grown(case, factor), case.model, chosen.cost.situation)
        mine, theirs = (cost_of(one.mesh, found).memory.typical for one in (chosen, rival))
        return theirs - mine >= node

    found = _turning_point(saves_a_node, Fraction(1), Fraction(_MOST_PODS, case.size.pods))
    if found is not None and found > 1:
        text = (
            f"From about {about(case.size.pods * found)} pods on, {chosen.mesh.title} saves more memory "
            f"against {rival.mesh.title} than one node has: {rounded(node / _GIB)} GiB"
        )
        yield Flip("memory", text, chosen.mesh)


def _grown(case: Case, factor: Fraction) -> Size:
    weights = case.model.weights
    per_node = max(int(weights.assumed("pods-per-node")), 1)
    return case.size.grown(factor, int(weights.assumed("fewest-nodes")), per_node)


def _weightless(case: Case, decision: Decision) -> Iterator[Flip]:
    if decision.ground is not Ground.BEST_SCORE:
        return
    weights = case.model.weights
    for name, setting in weights.weights.items():
        changed = {**weights.weights, name: evolve(setting, value=Fraction(0))}
        model = evolve(case.model, weights=evolve(weights, weights=changed))
        then = decide(evolve(case, model=model)).choice
        if then is not decision.choice:
            yield Flip("weight", f'If "{name}" counted for nothing, {then.title} would be recommended', then)


def _turning_point(changes: Callable[[Fraction], bool], start: Fraction, end: Fraction) -> Fraction | None:
    """The least amount between `start` and `end`, nearly, that changes something."""
    low, high = start, start
    while not changes(high):
        if high >= end:
            return None
        low, high = high, min(high * 2, end)
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (low, middle) if changes(middle) else (middle, high)
    return high
