"""An advice as a memo."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from meshlint.advisor import MESHES, Advice, MeshChoice, NeedRow
from meshlint.advisor.cost.weights import CRITERIA, Setting
from meshlint.advisor.evidence.places import Place
from meshlint.advisor.evidence.tally import Tally
from meshlint.advisor.needs import Answer
from meshlint.advisor.verdict.decision import Ground
from meshlint.advisor.verdict.migration import NO, PARTIAL, YES, Note
from meshlint.advisor.verdict.standings import Standing
from meshlint.advisor.words import plural, rounded
from meshlint.reports.advice.costs import cost_sections
from meshlint.reports.advice.sources import Sources
from meshlint.reports.advice.trace import trace_sections
from meshlint.reports.memo.memo import Block, Bullets, Memo, Paragraph, Section, Table, without_repeats

_WORST_FIRST = (NO, PARTIAL, YES)
_FATES = {NO: "No counterpart", PARTIAL: "A counterpart for a part", YES: "A counterpart"}
_SIGNS = {Answer.YES: "yes", Answer.WAYPOINT: "yes, by a waypoint", Answer.WORKAROUND: "workaround"}


def advice_memo(advice: Advice, *, explain: bool = False) -> Memo:
    """The memo; with `explain`, every number is traced at its end."""
    sources = Sources(advice)
    sections = [
        Section("Why", tuple(_why(advice, sources))),
        *_flips(advice),
        _counted(advice),
        *cost_sections(advice, sources),
        *_needs(advice, sources),
        *_migration(advice),
        _assumed(advice, sources),
        _scores(advice),
        *(trace_sections(advice) if explain else ()),
    ]
    listed = Bullets(tuple(sources.lines), numbered=True)
    return without_repeats(Memo(_title(advice), _remark(advice), (*sections, Section("Sources", (listed,)))))


def _title(advice: Advice) -> str:
    sure = advice.decision.confidence
    return f"Recommendation: {advice.decision.title}{f' ({sure.value} confidence)' if sure else ''}"


def _remark(advice: Advice) -> str:
    decision, size = advice.decision, advice.case.size
    what = f"{plural(size.services, 'service')} with {plural(size.pods, 'pod')}"
    if decision.ground is Ground.FEW_SERVICES:
        return f"For {what}, counted in the manifests, and no need that a mesh serves. {_sure(advice)}"
    if decision.choice is MeshChoice.NONE:
        return f"For {what}, counted in the manifests. {_sure(advice)}"
    needs = plural(len(advice.needs), "need")
    return f"For {what} and {needs}, counted in the manifests or asked for. {_sure(advice)}"


def _sure(advice: Advice) -> str:
    sure, why = advice.decision.confidence, advice.decision.why_confidence
    if sure is None:
        return f"No confidence is told: {why}."
    return f"The confidence is {sure.value}: {why}."


def _why(advice: Advice, sources: Sources) -> Iterator[Block]:
    yield Bullets(tuple(f"{one.text}." for one in advice.reasons), numbered=True)
    if advice.objections:
        yield Paragraph("What speaks against it:")
        yield Bullets(tuple(f"{one.text}." for one in advice.objections))
    if advice.terms:
        yield Paragraph("On which terms:")
        yield Bullets(tuple(f"{one.text}{sources.of_term(one)}." for one in advice.terms))


def _flips(advice: Advice) -> Iterator[Section]:
    if advice.flips:
        yield Section("What would change it", (Bullets(tuple(f"{one.text}." for one in advice.flips)),))


def _counted(advice: Advice) -> Section:
    rows = [
        (f"{one.value:,}", one.title, _basis(one))
        for one in advice.profile.tallies
        if one.value and not _is_plain(advice, one)
    ]
    return Section("What was counted", (Table(("", "", "where"), tuple(rows), right=frozenset({0})),))


def _is_plain(advice: Advice, one: Tally) -> bool:
    """Whether a count of pods says no more than the usual one: no autoscaler changes it."""
    return one.id in ("pods-fewest", "pods-most") and one.value == advice.profile.tally("pods").value


def _basis(one: Tally) -> str:
    places = _where(one.places)
    return f"{places}; assumed: {one.assumption}".removeprefix("; ") if one.assumption else places


def _needs(advice: Advice, sources: Sources) -> Iterator[Section]:
    if not advice.needs:
        return
    rows = [
        (
            row.need.title,
            *(_sign(row, mesh) for mesh in MESHES),
            _shown(row),
        )
        for row in advice.needs
    ]
    header = ("need", *(mesh.title for mesh in MESHES), "where it shows")
    gaps = tuple(_gaps(advice.needs, sources))
    yield Section("What is needed", (Table(header, tuple(rows)), *([Bullets(gaps)] if gaps else ())))


def _sign(row: NeedRow, mesh: MeshChoice) -> str:
    answer = row.need.support[mesh].answer
    if answer is Answer.NO:
        return "no: ruled out" if row.need.excludes(mesh) else "no"
    return _SIGNS[answer]


def _gaps(rows: Iterable[NeedRow], sources: Sources) -> Iterator[str]:
    for row in rows:
        for mesh, support in row.need.support.items():
            if not support.answer.is_full:
                marks = sources.of_support([support])
                yield f"{row.need.title}, {mesh.title}: {support.how} {marks}."


def _shown(row: NeedRow) -> str:
    places = tuple(one.place for one in row.evidence)
    if row.asked:
        return "asked for" + (f"; {_where(places)}" if places else "")
    return _where(places)


def _migration(advice: Advice) -> Iterator[Section]:
    current = advice.profile.current
    if not advice.migration or current is None:
        return
    groups: dict[tuple[str, str, str], list[Note]] = {}
    for note in advice.migration:
        groups.setdefault((note.answer, note.to, note.how), []).append(note)
    ordered = sorted(groups.items(), key=lambda group: (_WORST_FIRST.index(group[0][0]), group[1][0].place))
    blocks: list[Block] = [
        Paragraph(f"{plural(len(advice.migration), 'object')} (counted) would not stay as they are."),
        Bullets(tuple(_moved(*key, notes) for key, notes in ordered)),
    ]
    yield Section(f"From {current.title} to {advice.decision.choice.title}", tuple(blocks))


def _moved(answer: str, to: str, how: str, notes: list[Note]) -> str:
    """One bullet for all objects with the same fate."""
    fate = f"{_FATES[answer]}{f': {to}' if to else ''}{f' ({how})' if how else ''}"
    return f"{fate}. {', '.join(f'{note.place.object} at {note.place}' for note in notes)}"


def _assumed(advice: Advice, sources: Sources) -> Section:
    rows = [
        (rounded(one.value), one.unit, f"{one.why}{_origin(one, sources)}")
        for one in advice.model.weights.assumptions.values()
    ]
    figures = sum(
        bool(bound.assumption) for figure in advice.model.figures.by_id.values() for bound in figure.bounds
    )
    text = (
        f"Besides these, {figures} ends of the figures' ranges are assumed, because nobody published a "
        "measurement; --explain says which, and why."
    )
    return Section("What was assumed", (Table(("", "", ""), tuple(rows), frozenset({0})), Paragraph(text)))


def _origin(one: Setting, sources: Sources) -> str:
    if one.given:
        return " (given)"
    return f" {sources.of_setting(one)}" if one.source else ""


def _scores(advice: Advice) -> Section:
    weights = advice.model.weights
    header = ("mesh", *(f"{name} × {rounded(weights.weight(name))}" for name in CRITERIA), "score")
    rows = [
        (
            one.mesh.title,
            *(rounded(one.penalties[name].typical) for name in CRITERIA),
            _score(one),
        )
        for one in advice.decision.standings
    ]
    margin = advice.decision.margin
    text = "Each criterion is a penalty between 0 and 1; the lowest weighed sum wins."
    if margin is not None:
        text += f" The margin to the next is {rounded(margin)}."
    return Section("How it was weighed", (Table(header, tuple(rows)), Paragraph(text)))


def _score(one: Standing) -> str:
    text = f"{rounded(one.score.typical)} ({rounded(one.score.low)} to {rounded(one.score.high)})"
    return text if one.is_possible else f"{text}, ruled out"


def _where(places: tuple[Place, ...]) -> str:
    if not places:
        return ""
    more = f" and {len(places) - 1} more" if len(places) > 1 else ""
    return f"{places[0]}{more}"
