"""The reasons that weigh most, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from meshlint.advisor.case import Case
from meshlint.advisor.decision import Decision, Ground
from meshlint.advisor.meshes import MeshChoice
from meshlint.advisor.needs import Need
from meshlint.advisor.standings import Standing
from meshlint.advisor.words import listed, percent, plural
from meshlint.records import frozen

_MOST = 3
_RULING_OUT = Fraction(10)


@frozen
class Reason:
    """Why, and how much it weighs against the other reasons. `about` is a criterion or an id of a need."""

    about: str
    text: str
    weight: Fraction


def reasons(case: Case, decision: Decision) -> tuple[Reason, ...]:
    """The three reasons that weigh most, the weightiest first."""
    found = _for_none(case, decision) if decision.choice is MeshChoice.NONE else _for_mesh(case, decision)
    return tuple(sorted(found, key=lambda one: (-one.weight, one.about)))[:_MOST]


def objections(case: Case, decision: Decision) -> tuple[Reason, ...]:
    """Where the next mesh does better than the recommended one, the weightiest first."""
    chosen, rival = decision.chosen, decision.next
    if chosen is None or rival is None:
        return ()
    found = [one for one in _compared(case, rival, chosen) if one.weight > 0]
    return tuple(sorted(found, key=lambda one: (-one.weight, one.about)))


def _for_none(case: Case, decision: Decision) -> Iterator[Reason]:
    services, few = case.size.services, int(case.model.weights.assumed("hand-managed-services"))
    if decision.ground is Ground.NO_MESH_FITS:
        for standing in decision.standings:
            yield Reason("needs", _ruled_out(standing), _RULING_OUT)
        return
    if decision.ground is Ground.NOTHING_TO_MESH:
        yield Reason("size", "The manifests hold no workload that a mesh would take in", Fraction(3))
    else:
        text = f"{plural(services, 'service')} can be managed by hand: up to {few} is practical"
        yield Reason("size", text, Fraction(3))
    yield Reason("needs", "No need shows that calls for a mesh, and none was asked for", Fraction(2))
    cheapest = decision.standings[0]
    if cheapest.cost.share is not None:
        share = percent(cheapest.cost.share.typical)
        text = f"Even {cheapest.mesh.title} would take {share} of what the workloads request, for no gain"
        yield Reason("cost", text, Fraction(1))


def _for_mesh(case: Case, decision: Decision) -> Iterator[Reason]:
    chosen = decision.chosen
    if chosen is None:
        return
    for standing in decision.standings:
        if not standing.is_possible:
            yield Reason("needs", _ruled_out(standing), _RULING_OUT + len(standing.excluded_by))
    rival = decision.next
    if rival is not None:
        yield from (one for one in _compared(case, chosen, rival) if one.weight > 0)
    yield from _plain(case, chosen)


def _compared(case: Case, one: Standing, other: Standing) -> Iterator[Reason]:
    """What speaks for `one` against `other`, by criterion, with what it weighs."""
    for criterion, text in (
        ("cost", _cost_text(one, other)),
        ("needs", _needs_text(one, other)),
        ("operations", _operations_text(case, one, other)),
        ("switching", _switching_text(case, one, other)),
    ):
        gain = other.penalties[criterion].typical - one.penalties[criterion].typical
        yield Reason(criterion, text, gain * case.model.weights.weight(criterion))


def _plain(case: Case, chosen: Standing) -> Iterator[Reason]:
    """What holds for the choice alone, weightless: it fills up what comparison leaves open."""
    tiny = Fraction(1, 1000)
    if case.needs and not chosen.short_of and not chosen.lacking:
        text = f"{chosen.mesh.title} does all that is needed by itself: {_titles(case.needs)}"
        yield Reason("needs", text, tiny * 3)
    if chosen.cost.share is not None:
        share = percent(chosen.cost.share.typical)
        text = f"It takes {share} of what the workloads request themselves"
        yield Reason("cost-share", text, tiny * 2)
    few = int(case.model.weights.assumed("hand-managed-services"))
    if case.size.services > few:
        text = f"{plural(case.size.services, 'service')} are more than the {few} that are managed by hand"
        yield Reason("size", text, tiny)
    if case.current is chosen.mesh:
        yield Reason(
            "switching", "It runs already, or is what the objects are for, so nothing has to be moved", tiny
        )


def _ruled_out(standing: Standing) -> str:
    return f"{standing.mesh.title} is ruled out: {_titles(standing.excluded_by)}"


def _cost_text(one: Standing, other: Standing) -> str:
    if one.cost.share is None or other.cost.share is None:
        return f"{one.mesh.title} takes less"
    mine, theirs = percent(one.cost.share.typical), percent(other.cost.share.typical)
    return f"{one.mesh.title} takes {mine} of what the workloads request, {other.mesh.title} {theirs}"


def _needs_text(one: Standing, other: Standing) -> str:
    worse = [need for need in (*other.short_of, *other.lacking) if need not in (*one.short_of, *one.lacking)]
    return f"{other.mesh.title} meets by workarounds only: {_titles(worse)}"


def _operations_text(case: Case, one: Standing, other: Standing) -> str:
    burdens = [_lowered(each.why) for each in case.model.weights.burdens if each.mesh is other.mesh]
    return f"{one.mesh.title} asks less of those who run it than {other.mesh.title} ({listed(burdens, '; ')})"


def _switching_text(case: Case, one: Standing, other: Standing) -> str:
    if case.current is one.mesh:
        title = one.mesh.title
        return f"{title} runs already, or is what the objects are for; {other.mesh.title} would mean moving"
    lost = case.unmatched.get(other.mesh, 0)
    return f"More objects find no counterpart in {other.mesh.title} ({lost})"


def _titles(needs: Sequence[Need]) -> str:
    return listed([_lowered(need.title) for need in needs])


def _lowered(text: str) -> str:
    """`text` as it stands within a sentence."""
    return text[0].lower() + text[1:] if text[1:2].islower() or text[1:2] == " " else text
