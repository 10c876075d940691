"""The part of an advice that says what each mesh would take."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from meshlint.advisor import Advice
from meshlint.advisor.cost.costs import Cost, Situation
from meshlint.advisor.words import listed, plural, rounded
from meshlint.reports.advice.amounts import UNKNOWN, cores, memory, money, plain_cores, plain_memory, share
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
    remarks = [_beyond_proxies(advice, found), no_share(advice, found)]
    return (*blocks, *(Paragraph(text) for text in remarks if text))


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
        "What so many proxies take when they have as much to do as the tutorial's figures suppose. No stated "
        "load enters here."
    )


def _table(advice: Advice, found: Iterable[Cost], sources: Sources) -> Table:
    given = advice.given
    priced = given.cpu_price is not None and given.memory_price is not None
    money_header = ["a month"] if priced else []
    header = ["mesh", "cores", "memory", "of what is requested", *money_header, "figures of", "sources"]
    rows = []
    for cost in found:
        price = [money(cost.money(given.cpu_price, given.memory_price))] if priced else []
        amounts = [cores(cost.cpu), memory(cost.memory), share(cost.telling_share), *price]
        rows.append((cost.mesh.title, *amounts, _years(advice, cost), sources.of_items(cost.items)))
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


def _years(advice: Advice, cost: Cost) -> str:
    """From when the ranges of a row are."""
    years = cost.years(advice.model.figures.sources)
    if years is None:
        return UNKNOWN
    return str(years[0]) if years[0] == years[1] else f"{years[0]} to {years[1]}"


def no_share(advice: Advice, found: Iterable[Cost]) -> str:
    """Why shares are left out, in a plain sentence; empty where all of them are told."""
    size = advice.case.size
    if all(cost.telling_share is not None for cost in found) or not size.pods:
        return ""
    own = f"{plain_cores(size.cpu)} and {plain_memory(size.memory)}"
    text = (
        f"The workloads request {own} themselves; where a mesh takes more than that, no share of it is told."
    )
    counts = {one.id: one.value for one in advice.profile.tallies}
    parts = [
        f"{plural(counts[f'without-{name}'], 'container')} without a request for {word}"
        for name, word in (("cpu", "CPU"), ("memory", "memory"))
        if f"without-{name}" in counts
    ]
    if parts:
        text += (
            f" Requests are missing: {' and '.join(parts)}; state them, and the shares will tell something."
        )
    return text


def _beyond_proxies(advice: Advice, found: tuple[Cost, ...]) -> str:
    """That a stated load is more than the proxies of so many pods can carry."""
    if found[0].situation is not Situation.LOAD:
        return ""
    ceilings = {cost.mesh: cost for cost in advice.costs_when(Situation.BUSY)}
    beyond = [
        cost.mesh.title
        for cost in found
        if cost.sum("cpu", "data").typical > ceilings[cost.mesh].sum("cpu", "data").high
    ]
    if not beyond:
        return ""
    return (
        f"So much load keeps the proxies of {plural(advice.case.size.pods, 'pod')} more than fully at work "
        f"with {listed(beyond)}: more pods would have to stand behind it, and these would request more."
    )


def _bars(found: tuple[Cost, ...]) -> Bars:
    """Bars of what each takes, by its worth: as a share of the requests, or against the cheapest mesh."""
    longest = float(max(cost.worth.high for cost in found))
    cheapest = min(cost.worth.typical for cost in found)
    if not longest:
        return Bars(())
    return Bars(
        tuple(
            Bar(cost.mesh.title, float(cost.worth.typical) / longest, float(cost.worth.high) / longest, told)
            for cost in found
            for told in [_told(cost, cheapest)]
        )
    )


def _told(cost: Cost, cheapest: Fraction) -> str:
    if cost.telling_share is not None:
        return share(cost.telling_share)
    if cost.worth.typical == cheapest:
        return "the least"
    return f"{rounded(cost.worth.typical / cheapest)} times the least" if cheapest else UNKNOWN
