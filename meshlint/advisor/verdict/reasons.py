"""The reasons that weigh most, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from meshlint.advisor.cost.costs import Cost
from meshlint.advisor.meshes import MESHES, MeshChoice
from meshlint.advisor.needs import Need
from meshlint.advisor.verdict.case import Case
from meshlint.advisor.verdict.conflicts import conflicts
from meshlint.advisor.verdict.decision import Decision, Ground
from meshlint.advisor.verdict.standings import Standing
from meshlint.advisor.words import listed, percent, plural, rounded
from meshlint.values import frozen

_MOST = 3
_RULING_OUT = Fraction(10)


@frozen
class Reason:
    """Why, and how much it weighs against the other reasons. `about` is a criterion or an id of a need."""

    about: str
    text: str
    weight: Fraction


def reasons(case: Case, decision: Decision) -> tuple[Reason, ...]:
    """The three reasons that weigh most, the weightiest first, each point once."""
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
        for group in conflicts(case.needs)[:1]:
            yield Reason("needs", _exclusion(group), _RULING_OUT * 2)
        for standing in decision.standings:
            yield Reason("needs", _ruled_out(standing), _RULING_OUT)
        return
    if decision.ground is Ground.NOTHING_TO_MESH:
        yield Reason("size", "The manifests hold no workload that a mesh would take in", Fraction(3))
    else:
        text = f"{plural(services, 'service')} can be managed by hand: up to {few} is practical{_rule(case)}"
        yield Reason("size", text, Fraction(3))
    yield Reason("needs", "No need shows that calls for a mesh, and none was asked for", Fraction(2))
    cheapest = min(decision.standings, key=lambda one: one.cost.worth.typical)
    if case.size.pods:
        text = f"Even {cheapest.mesh.title} would take {_takes(cheapest.cost)}, for no gain"
        yield Reason("cost", text, Fraction(1))


def _for_mesh(case: Case, decision: Decision) -> Iterator[Reason]:
    chosen = decision.chosen
    if chosen is None:
        return
    for standing in decision.standings:
        if not standing.is_possible:
            yield Reason("needs", _ruled_out(standing), _RULING_OUT + len(standing.excluded_by))
    rival = decision.next
    compared = [] if rival is None else [one for one in _compared(case, chosen, rival) if one.weight > 0]
    yield from compared
    told = {one.about for one in compared}
    yield from (one for one in _plain(case, decision, chosen) if one.about not in told)


def _compared(case: Case, one: Standing, other: Standing) -> Iterator[Reason]:
    """What speaks for `one` against `other`, by criterion, with what it weighs.

    A difference in cost that the figures do not show, as they are told, is none.
    """
    for criterion, text in (
        ("cost", _cost_text(one, other)),
        ("needs", _needs_text(one, other)),
        ("operations", _operations_text(case, one, other)),
        ("switching", _switching_text(case, one, other)),
    ):
        gain = other.penalties[criterion].typical - one.penalties[criterion].typical
        if not text:
            continue
        yield Reason(criterion, text, gain * case.model.weights.weight(criterion))


def _plain(case: Case, decision: Decision, chosen: Standing) -> Iterator[Reason]:
    """What holds for the choice alone, weightless: it fills up what comparison leaves open.

    What it takes speaks for it only where no possible mesh takes less.
    """
    tiny = Fraction(1, 1000)
    if case.needs and not chosen.short_of and not chosen.lacking:
        text = f"{chosen.mesh.title} does all that is needed by itself: {_titles(case.needs)}"
        yield Reason("needs", text, tiny * 3)
    least = min(one.cost.worth.typical for one in decision.standings if one.is_possible)
    if chosen.cost.telling_share is not None and chosen.cost.worth.typical == least:
        yield Reason("cost", f"It takes {_takes(chosen.cost)}", tiny * 2)
    few = int(case.model.weights.assumed("hand-managed-services"))
    if case.size.services > few:
        text = f"{plural(case.size.services, 'service')} are more than the {few} that are managed by hand"
        text += _rule(case)
        yield Reason("size", text, tiny)
    if case.current is chosen.mesh:
        yield Reason(
            "switching", "It runs already, or is what the objects are for, so nothing has to be moved", tiny
        )


def _ruled_out(standing: Standing) -> str:
    return f"{standing.mesh.title} is ruled out: {_titles(standing.excluded_by)}"


def _exclusion(group: Sequence[Need]) -> str:
    """Who excludes whom: "A" and "B" exclude each other: A rules out X and Y, B rules out Z."""
    named = [f'"{need.title}"' for need in group]
    if len(group) == 1:
        return f"No mesh meets {named[0]}"
    parts = [
        f"{name} rules out {' and '.join(mesh.title for mesh in MESHES if need.excludes(mesh))}"
        for name, need in zip(named, group, strict=True)
    ]
    return f"{' and '.join(named)} exclude each other: {', '.join(parts)}"


def _rule(case: Case) -> str:
    """What kind of number the threshold of services is."""
    setting = case.model.weights.assumptions["hand-managed-services"]
    if setting.given:
        return ", as the configuration has it"
    return ", a rule of thumb of the tutorial and no measurement"


def _takes(cost: Cost) -> str:
    """A share where it tells something, else the amounts."""
    if cost.telling_share is not None:
        return f"{percent(cost.telling_share.typical)} of what the workloads request themselves"
    return _amounts(cost)


def _amounts(cost: Cost) -> str:
    return f"{rounded(cost.cpu.typical)} cores and {rounded(cost.memory.typical / 2**30)} GiB"


def _cost_text(one: Standing, other: Standing) -> str:
    """Which takes more, in the figures that the report shows; empty where these look alike."""
    mine, theirs = one.cost.telling_share, other.cost.telling_share
    if mine is not None and theirs is not None:
        told = percent(mine.typical), percent(theirs.typical)
        if told[0] == told[1]:
            return ""
        return f"{one.mesh.title} takes {told[0]} of what the workloads request, {other.mesh.title} {told[1]}"
    if not other.cost.worth.typical:
        return ""
    ratio = percent(one.cost.worth.typical / other.cost.worth.typical)
    if ratio == "100 %":
        return ""
    return (
        f"{one.mesh.title} takes {ratio} of what {other.mesh.title} takes: {_amounts(one.cost)}, "
        f"against {_amounts(other.cost)}"
    )


def _needs_text(one: Standing, other: Standing) -> str:
    short = [need for need in other.short_of if need not in (*one.short_of, *one.lacking)]
    lacking = [need for need in other.lacking if need not in one.lacking]
    parts = [
        f"meets by workarounds only: {_titles(short)}" if short else "",
        f"does not offer: {_titles(lacking)}" if lacking else "",
    ]
    return f"{other.mesh.title} {'; it '.join(part for part in parts if part)}" if any(parts) else ""


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
