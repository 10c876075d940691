"""Where every number of an advice comes from."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.advisor import Advice
from meshlint.advisor.cost.costs import Cost, Item
from meshlint.advisor.cost.figures import Bound, Figure
from meshlint.advisor.cost.weights import CRITERIA
from meshlint.advisor.words import rounded
from meshlint.reports.advice.amounts import cores, memory, share
from meshlint.reports.memo.memo import Bullets, Section

_UNITS = {"cpu": "cores", "memory": "MB"}


def trace_sections(advice: Advice) -> Iterator[Section]:
    """The counts with all their places, each item of the costs, and each penalty."""
    yield Section("Every count", (Bullets(tuple(_counts(advice))),))
    for cost in advice.costs:
        yield Section(f"{cost.mesh.title}, {cost.situation.value}", (Bullets(tuple(_items(advice, cost))),))
    yield Section("Every answer to a need", (Bullets(tuple(_answers(advice))),))
    yield Section("Every penalty", (Bullets(tuple(_penalties(advice))),))


def _counts(advice: Advice) -> Iterator[str]:
    for one in advice.profile.tallies:
        if one.value:
            places = ", ".join(map(str, one.places))
            reason = f"assumed: {one.assumption}. " if one.assumption else ""
            yield f"{one.title}: {one.value:,}. {reason}{places}"
    size = advice.case.size
    yield (
        f"What these pods request: {rounded(size.cpu)} cores and {rounded(size.memory / 2**20)} MiB, "
        "the sum over containers times pods"
    )
    yield f"Services that sidecars are told of: {size.seen:,}, the sum over all pods{_scoped(advice)}"
    with_pods = f"with {size.waypoint_pods} of the pods"
    yield f"Namespaces that take a waypoint in ambient: {size.waypoints}, {with_pods}"


def _scoped(advice: Advice) -> str:
    return " as Sidecar objects limit it" if advice.profile.is_scoped else "; no Sidecar object limits it"


def _items(advice: Advice, cost: Cost) -> Iterator[str]:
    for item in cost.items:
        told = cores(item.range) if item.resource == "cpu" else memory(item.range)
        unit = " cores" if item.resource == "cpu" else ""
        factors = f"{_count(item)} × {_figure(advice, item.figure)}"
        yield f"{item.plane} plane, {item.resource}: {factors} = {told}{unit}"
    told = f": {share(cost.telling_share)} of what is requested" if cost.telling_share else ""
    yield f"{cost.mesh.title} together: {cores(cost.cpu)} cores and {memory(cost.memory)}{told}"


def _count(item: Item) -> str:
    return f"{rounded(item.count)} {item.of}"


def _figure(advice: Advice, figure: Figure) -> str:
    ends = "; ".join(
        f"{name} {_number(bound)} {_UNITS[figure.resource]} ({_origin(advice, bound)})"
        for name, bound in (
            *zip(("low", "typical", "high"), figure.bounds, strict=True),
            *(("also", one) for one in figure.others),
        )
    )
    return f"[{figure.what}: {ends}]"


def _origin(advice: Advice, bound: Bound) -> str:
    if bound.assumption:
        return f"assumed: {bound.assumption}"
    source = advice.model.figures.sources[bound.source]
    note = f"; {bound.note}" if bound.note else ""
    note += "" if bound.counted is None else f"; by its age it counts as {rounded(bound.counted)}"
    return f"{source.by}, {source.date}{note}"


def _number(bound: Bound) -> str:
    return f"{float(bound.value):g}"


def _answers(advice: Advice) -> Iterator[str]:
    for row in advice.needs:
        for mesh, one in row.need.support.items():
            answer = f"{one.answer.value}, {one.how} ({one.version}, {one.source})"
            yield f"{row.need.title}, {mesh.title}: {answer}"
        for sign in row.evidence:
            yield f"{row.need.title}, shows at {sign.place}: {sign.place.object}"


def _penalties(advice: Advice) -> Iterator[str]:
    weights = advice.model.weights
    for standing in advice.decision.standings:
        told = ", ".join(
            f"{name} {rounded(standing.penalties[name].typical)} × {rounded(weights.weight(name))}"
            for name in CRITERIA
        )
        yield f"{standing.mesh.title}: {told} = {rounded(standing.score.typical)}"
    yield (
        "cost is worth / (worth + scale), where scale is that share of what the requests are worth, or what "
        "the cheapest mesh is worth if that is more; needs and operations are points / (points + scale)"
    )
    for burden in weights.burdens:
        points = f"{rounded(burden.points)} point"
        yield f"{burden.mesh.title}, operations, {points}: {burden.why}. {burden.source}"
    for scale in weights.scales.values():
        yield f"scale of {scale.name}: {rounded(scale.value)}, {scale.why}"
