"""The part of an advice that says what each mesh would take."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from meshlint.advisor import Advice
from meshlint.advisor.costs import Cost, Situation
from meshlint.advisor.words import plural, rounded
from meshlint.reports.advice.amounts import cores, memory, money, plain_cores, plain_memory, share
from meshlint.reports.advice.sources import Sources
from meshlint.reports.memo.memo import Bar, Bars, Block, Paragraph, Section, Table

_WHEN = {
    Situation.REST: "at rest",
    Situation.LOAD: "under the stated load",
    Situation.BUSY: "with every proxy fully at work",
}


def cost_sections(advice: Advice, sources: Sources) -> Iterator[Section]:
    """A section for each situation, and one with the autoscalers at their maximum."""
    if not advice.case.size.pods:
        text = "No workload is in the manifests, so nothing can be said of the cost for these."
        yield Section("What it would take", (Paragraph(text),))
        return
    for situation in Situation:
        found = advice.costs_when(situation)
        if found:
            yield Section(f"What it would take, {_WHEN[situation]}", _blocks(advice, found, sources))
    if advice.peak:
        title = f"What it would take with every autoscaler at its maximum, {_WHEN[advice.decisive]}"
        yield Section(title, (_table(advice, advice.peak, sources),))


def _blocks(advice: Advice, found: tuple[Cost, ...], sources: Sources) -> tuple[Block, ...]:
    situation = found[0].situation
    blocks: list[Block] = [Paragraph(_introduction(advice, situation)), _table(advice, found, sources)]
    if situation is advice.decisive:
        blocks += [_bars(found), _planes(found)]
    return tuple(blocks)


def _introduction(advice: Advice, situation: Situation) -> str:
    size = advice.case.size
    own = f"{plain_cores(size.cpu)} and {plain_memory(size.memory)}"
    if situation is Situation.REST:
        return (
            f"For {plural(size.pods, 'pod')} that request {own} themselves (counted; see the assumptions for "
            "containers that request nothing). Typical, with the range in parentheses."
        )
    if situation is Situation.LOAD:
        passes = int(advice.model.weights.assumed("proxies-per-request"))
        return (
            f"At {rounded(size.rps)} requests per second (stated), each through {passes} proxies (assumed), "
            f"of which {rounded(size.waypoint_rps)} pass a waypoint in ambient."
        )
    return (
        "A ceiling: what proxies take that have as much to do as the tutorial's figures suppose. No stated "
        "load enters here."
    )


def _table(advice: Advice, found: Iterable[Cost], sources: Sources) -> Table:
    given = advice.given
    priced = given.cpu_price is not None and given.memory_price is not None
    header = ["mesh", "cores", "memory", "of what is requested", *(["a month"] if priced else []), "sources"]
    rows = []
    for cost in found:
        price = [money(cost.money(given.cpu_price, given.memory_price))] if priced else []
        amounts = [cores(cost.cpu), memory(cost.memory), share(cost.share), *price]
        rows.append((cost.mesh.title, *amounts, sources.of_items(cost.items)))
    return Table(tuple(header), tuple(rows))


def _planes(found: Iterable[Cost]) -> Table:
    rows = [
        (
            cost.mesh.title,
            f"{cores(cost.sum('cpu', 'data'))}, {memory(cost.sum('memory', 'data'))}",
            f"{cores(cost.sum('cpu', 'control'))}, {memory(cost.sum('memory', 'control'))}",
            memory(cost.per_pod("memory")),
        )
        for cost in found
    ]
    header = ("mesh", "data plane: cores, memory", "control plane: cores, memory", "memory for each pod")
    return Table(header, tuple(rows))


def _bars(found: tuple[Cost, ...]) -> Bars:
    shares = [(cost, cost.share) for cost in found]
    longest = max((float(one.high) for _, one in shares if one is not None), default=0.0)
    return Bars(
        tuple(
            Bar(cost.mesh.title, float(one.typical) / longest, float(one.high) / longest, share(one))
            for cost, one in shares
            if one is not None and longest
        )
    )
