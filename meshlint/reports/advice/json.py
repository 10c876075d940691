"""An advice for programs: the shape is `schemas/advice.json`.

Every number stands in an object that says where it comes from: `places` for counts, `items` for sums,
`source` or `assumption` for figures, `from` for what follows from other numbers.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from meshlint import __version__
from meshlint.advisor import Advice
from meshlint.advisor.cost.costs import Cost, Item
from meshlint.advisor.cost.figures import Bound, Figure
from meshlint.advisor.cost.ranges import Range
from meshlint.advisor.cost.weights import Setting
from meshlint.advisor.verdict.conflicts import conflicts
from meshlint.advisor.verdict.standings import Standing
from meshlint.reports.advice.costs import no_share
from meshlint.reports.advice.plain import counts, needs, number, place

VERSION = "1"


def advice_json(advice: Advice) -> Iterator[str]:
    """The lines of the report."""
    yield json.dumps(advice_data(advice), indent=2, ensure_ascii=False)


def advice_data(advice: Advice) -> dict[str, Any]:
    """The report as plain data."""
    return {
        "version": VERSION,
        "tool": {"name": "meshlint", "version": __version__},
        "recommendation": _recommendation(advice),
        "profile": counts(advice),
        "given": _given(advice),
        "needs": needs(advice),
        "costs": [_cost(advice, cost) for cost in advice.costs],
        "peak": [_cost(advice, cost) for cost in advice.peak],
        "standings": [_standing(one) for one in advice.decision.standings],
        "flips": [
            {"kind": one.kind, "text": one.text, "leads_to": one.leads_to.value} for one in advice.flips
        ],
        "migration": [
            {"object": one.place.object, "place": place(one.place), "counterpart": one.answer}
            | {"becomes": one.to, "how": one.how}
            for one in advice.migration
        ],
        "figures": [_figure(one) for one in advice.model.figures.by_id.values()],
        "sources": [
            {"id": one.id, "by": one.by, "title": one.title, "date": one.date, "kind": one.kind}
            | {"url": one.url or None}
            for one in advice.model.figures.sources.values()
        ],
        **_settings(advice),
    }


def _recommendation(advice: Advice) -> dict[str, Any]:
    decision = advice.decision
    margin = decision.margin
    return {
        "mesh": decision.choice.value,
        "title": decision.title,
        "ground": decision.ground.value,
        "confidence": None if decision.confidence is None else decision.confidence.value,
        "confidence_because": decision.why_confidence,
        "margin": None if margin is None else {"value": number(margin), "from": "the scores in standings"},
        "current": None if advice.profile.current is None else advice.profile.current.value,
        "reasons": [_reason(one.about, one.text) for one in advice.reasons],
        "objections": [_reason(one.about, one.text) for one in advice.objections],
        "terms": [
            {"about": one.about, "text": one.text, "meshes": [mesh.value for mesh in one.meshes]}
            | {"source": one.source or None, "date": one.date or None}
            for one in advice.terms
        ],
        "conflicts": [[need.id for need in group] for group in conflicts(advice.case.needs)],
    }


def _reason(about: str, text: str) -> dict[str, str]:
    return {"about": about, "text": text}


def _given(advice: Advice) -> dict[str, Any]:
    """What the user stated, and nothing where nothing was."""
    given = advice.given
    stated: dict[str, Fraction | int | None] = {
        "rps": given.rps,
        "nodes": given.nodes,
        "cpu_price": given.cpu_price,
        "memory_price": given.memory_price,
    }
    plain = {
        name: {"value": number(Fraction(value)), "from": "stated"}
        for name, value in stated.items()
        if value is not None
    }
    rates = {name: {"value": number(one), "from": "stated"} for name, one in sorted(given.rps_for.items())}
    return {**plain, "rps_for": rates, "needs": sorted(given.needs), "without": sorted(given.without)}


def _cost(advice: Advice, cost: Cost) -> dict[str, Any]:
    given = advice.given
    items = {name: [i.figure.id for i in cost.items if i.resource == name] for name in ("cpu", "memory")}
    everything = [item.figure.id for item in cost.items]
    price = cost.money(given.cpu_price, given.memory_price)
    return {
        "mesh": cost.mesh.value,
        "situation": cost.situation.value,
        "cpu_cores": _range(cost.cpu, items["cpu"]),
        "memory_bytes": _range(cost.memory, items["memory"]),
        "cpu_cores_per_pod": _range(cost.per_pod("cpu"), items["cpu"]),
        "memory_bytes_per_pod": _range(cost.per_pod("memory"), items["memory"]),
        "share_of_requests": _range(cost.telling_share, everything),
        "share_of_requested_cpu": _range(cost.cpu_share, items["cpu"]),
        "share_of_requested_memory": _range(cost.memory_share, items["memory"]),
        "money_per_month": _range(price, everything),
        "figures_of": _years(advice, cost),
        "remark": no_share(advice, [cost]) or None,
        "items": [_item(item) for item in cost.items],
    }


def _years(advice: Advice, cost: Cost) -> dict[str, Any] | None:
    years = cost.years(advice.model.figures.sources)
    if years is None:
        return None
    return {"oldest": years[0], "newest": years[1], "from": "the dates of the sources"}


def _item(item: Item) -> dict[str, Any]:
    return {
        "figure": item.figure.id,
        "plane": item.plane,
        "resource": item.resource,
        "count": {"value": number(item.count), "from": item.of},
        "takes": _range(item.range, [item.figure.id]),
    }


def _range(amount: Range | None, items: Iterable[str]) -> dict[str, Any] | None:
    if amount is None:
        return None
    ends = {"low": amount.low, "typical": amount.typical, "high": amount.high}
    return {**{name: number(value) for name, value in ends.items()}, "items": list(items)}


def _standing(one: Standing) -> dict[str, Any]:
    return {
        "mesh": one.mesh.value,
        "possible": one.is_possible,
        "excluded_by": [need.id for need in one.excluded_by],
        "workarounds": [need.id for need in one.short_of],
        "lacking": [need.id for need in one.lacking],
        "penalties": {
            name: {**_ends(penalty), "from": f"weights.{name}, scales.{name}"}
            for name, penalty in one.penalties.items()
        },
        "score": {**_ends(one.score), "from": "the penalties, each times its weight"},
    }


def _ends(amount: Range) -> dict[str, Any]:
    return {"low": number(amount.low), "typical": number(amount.typical), "high": number(amount.high)}


def _figure(one: Figure) -> dict[str, Any]:
    return {
        "id": one.id,
        "what": one.what,
        "meshes": list(one.meshes),
        "plane": one.plane,
        "resource": one.resource,
        "unit": "cores" if one.resource == "cpu" else "megabytes",
        "per": one.per,
        "situation": one.situation or "always",
        "low": _bound(one.low),
        "typical": _bound(one.typical),
        "high": _bound(one.high),
        "others": [_bound(other) for other in one.others],
    }


def _bound(one: Bound) -> dict[str, Any]:
    origin = {"assumption": one.assumption} if one.assumption else {"source": one.source}
    counted = None if one.counted is None else number(one.counted)
    return {"value": number(one.value), **origin, "note": one.note or None, "counts_as": counted}


def _settings(advice: Advice) -> dict[str, Any]:
    weights = advice.model.weights
    groups: dict[str, Mapping[str, Setting]] = {
        "assumptions": weights.assumptions,
        "weights": weights.weights,
        "scales": weights.scales,
    }
    settings: dict[str, Any] = {
        group: {
            name: {"value": number(one.value), "assumption": one.why, "unit": one.unit or None}
            | {"given": one.given, "source": one.source or None}
            for name, one in members.items()
        }
        for group, members in groups.items()
    }
    settings["operations"] = [
        {"mesh": one.mesh.value, "points": number(one.points), "assumption": one.why, "source": one.source}
        for one in weights.burdens
    ]
    return settings
