"""A difference as a memo: what a reviewer has to know first, and no more of it than they can read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from meshlint.engine.finding import Finding, Location
from meshlint.reports.differences.answer import (
    Calls,
    Cause,
    Cost,
    Difference,
    Effect,
    Findings,
    Objects,
    Ways,
    WorkloadChange,
)
from meshlint.reports.memo.memo import Bullets, Memo, Paragraph, Section

_HEADS = {
    Effect.LET_IN: "NOW LET IN",
    Effect.DENIED: "NOW DENIED",
    Effect.UNSURE: "NOW UNSURE",
    Effect.PLAINTEXT: "NOW PLAINTEXT",
    Effect.BROKEN: "NOW BROKEN",
    Effect.MENDED: "NO LONGER BROKEN",
    Effect.ENCRYPTED: "NOW ENCRYPTED",
    Effect.TRANSPORT: "OTHER TRANSPORT",
}
_WORDS = {
    "allow": "let in",
    "deny": "denied",
    "depends": "not sure, for something outside of the files decides",
}
_WHATS = {"mesh": "is in", "identity": "is", "existence": "is"}
_NAMES = 5


def difference_memo(found: Difference, most: int | None = None) -> Memo:
    """The memo, with at most `most` points in a section; the rest is counted."""
    sections = (
        _section("Who may call whom", map(_calls, _gravest_first(found.calls)), most),
        _section("Where requests go", map(_ways, found.ways), most),
        _section("Workloads", map(_workload, found.workloads), most),
        _section("New findings", map(_finding, found.findings.new), most),
        _section("Findings that are gone", map(_finding, found.findings.gone), most),
        _section("Cost", map(_cost, found.costs), most),
        _section("Not compared", found.notes, most),
    )
    told = tuple(section for section in sections if section.blocks)
    return Memo(f"From {found.base} to {found.head}", summary(found), told)


def summary(found: Difference) -> str:
    """What the change does, in a sentence or two of counts."""
    effects = [
        *(_counted(_of(found.calls, (effect,)), "call", words) for effect, words in _COUNTED),
        _counted(len(found.ways), "way", "changed"),
        _counted(len(found.workloads), "workload", "changed"),
    ]
    told = [words for words in effects if words]
    behaviour = ", ".join(told) if told else "no call and no way of a request is changed"
    return f"{_objects(found.objects)}: {behaviour}. {_findings(found.findings)}."


_COUNTED = (
    (Effect.LET_IN, "newly let in"),
    (Effect.DENIED, "newly denied"),
    (Effect.UNSURE, "no longer sure"),
    (Effect.PLAINTEXT, "newly in plaintext"),
    (Effect.BROKEN, "newly broken"),
    (Effect.MENDED, "no longer broken"),
    (Effect.ENCRYPTED, "newly encrypted"),
    (Effect.TRANSPORT, "carried otherwise"),
)
_ORDER = [effect for effect, _ in _COUNTED]


def _of(calls: Iterable[Calls], effects: Sequence[Effect]) -> int:
    return sum(len(one.callers) for one in calls if one.effect in effects)


def _counted(count: int, noun: str, words: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'} {words}" if count else ""


def _objects(objects: Objects) -> str:
    parts = (
        (objects.added, "added"),
        (objects.removed, "removed"),
        (objects.changed, "changed"),
        (objects.moved, "moved"),
    )
    told = [(len(held), words) for held, words in parts if held]
    if not told:
        return "No object is changed"
    (count, words), *others = told
    return ", ".join((_counted(count, "object", words), *(f"{n} {what}" for n, what in others)))


def _findings(findings: Findings) -> str:
    if not findings.new and not findings.gone:
        return f"No finding is new or gone ({findings.unchanged} unchanged)"
    new, gone = len(findings.new), len(findings.gone)
    return f"Findings: {new} new, {gone} gone, {findings.unchanged} unchanged"


def _section(title: str, items: Iterable[str], most: int | None) -> Section:
    held = tuple(items)
    if not held:
        return Section(title, ())
    if most is None or len(held) <= most:
        return Section(title, (Bullets(held),))
    more = Paragraph(f"and {len(held) - most} more, which --format json tells.")
    return Section(title, (Bullets(held[:most]), more) if most else (more,))


def _gravest_first(calls: Iterable[Calls]) -> list[Calls]:
    return sorted(calls, key=lambda one: (_ORDER.index(one.effect), one.to, one.port, one.callers))


def _calls(one: Calls) -> str:
    requests = f", for requests with {' or '.join(one.requests)}" if one.requests else ""
    before = _WORDS.get(one.before, one.before)
    after = "" if one.effect in (Effect.LET_IN, Effect.DENIED) else f"{_WORDS.get(one.after, one.after)}, "
    head = f"{_HEADS[one.effect]}: {listed(one.callers)} to {one.to}:{one.port}{requests}"
    return f"{head} ({after}was {before}){_because(one.causes)}"


def _ways(one: Ways) -> str:
    requests = f"requests with {' or '.join(one.requests)} to" if one.requests else "requests to"
    head = "LOST: " if one.is_lost else ""
    now, was = ("; ".join(side) or "nothing of the kind" for side in (one.after, one.before))
    senders = f" from {listed(one.senders)}"
    return f"{head}{requests} {one.host}:{one.port}{senders} now get {now} (was {was}){_because(one.causes)}"


def _workload(one: WorkloadChange) -> str:
    place = f" ({one.location})" if one.location is not None else ""
    return f"{one.workload} {_WHATS[one.what]} {one.after} (was {one.before}){place}"


def _finding(one: Finding) -> str:
    return f"{one.severity} {one.rule} {one.location}: {one.message}"


def _cost(one: Cost) -> str:
    return f"{one.mesh}: {one.figure} {one.after:g} {one.unit} (was {one.before:g})"


def _because(causes: Iterable[Cause]) -> str:
    told = ", ".join(map(_cause, causes))
    return f": {told}" if told else ""


def _cause(one: Cause) -> str:
    gone = "before the change, " if one.is_gone else ""
    return f"{gone}{one.object}{_at(one.location)}"


def _at(place: Location | None) -> str:
    return "" if place is None else f" ({place})"


def listed(names: Sequence[str]) -> str:
    """Some names, and how many there are beside them."""
    more = f" and {len(names) - _NAMES} more" if len(names) > _NAMES else ""
    return ", ".join(names[:_NAMES]) + more


def lines_within(memos: Iterator[list[str]], most: int) -> list[str]:
    """The first of several ever shorter texts that has at most so many characters, else the last."""
    lines: list[str] = []
    for lines in memos:
        if sum(len(line) + 1 for line in lines) <= most:
            break
    return lines
