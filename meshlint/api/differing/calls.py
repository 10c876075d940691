"""Which calls are let in, denied or carried otherwise on one side than on the other?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from meshlint.api.differing.asked_at_ports import demands_of
from meshlint.api.differing.causes import Causes
from meshlint.api.differing.parts import Asked, Box, Cell, Part, boxes, cells, in_words, parts_of
from meshlint.api.differing.reach_of_calls import Reach
from meshlint.api.differing.sending import identity_part, kind_of, request_with, without_identity
from meshlint.matching import TooComplex
from meshlint.reports.differences.answer import Calls, Cause, Effect
from meshlint.security.access import AccessDecision, AccessDesk, AccessRequest, Destination, Target, combined
from meshlint.security.access.calling import OUTSIDE, Caller, workload_caller
from meshlint.security.access.desk import Port
from meshlint.security.access.istio.workloads import identity_of
from meshlint.security.identity.linkerd import workload_identity
from meshlint.values import evolve, frozen

_ANY = "any identity"
_MOST_CELLS = 4096
_MOST_EDGES = 2500
"""Up to so many pairs of a workload and a destination, all workloads are asked; beyond, those named."""

Outcome = tuple[str, str]
"""The verdict, and how the call travels."""


@frozen(eq=False, repr=False)
class Side:
    """One side of a comparison, and its destinations by name."""

    desk: AccessDesk
    destinations: dict[str, Destination]

    @classmethod
    def of(cls, desk: AccessDesk) -> Side:
        """The side that a desk answers for."""
        return cls(desk, {str(one): one for one in desk.callers.destinations()})

    def targets(self, name: str) -> dict[int, tuple[Target, ...]]:
        """What the ports of a destination lead to."""
        found = self.desk.names.all_targets(self.destinations[name])
        ordered = sorted(found, key=_dialed)
        return {port: tuple(held) for port, held in groupby(ordered, key=_dialed)}

    def ask(self, caller: Caller, targets: Sequence[Target], request: AccessRequest) -> AccessDecision:
        """What comes of a request to a port."""
        made = tuple(self.desk.decide_for(caller, target, request) for target in targets)
        return combined(made, "which of the workloads answers")

    def callers(self, name: str, *, everyone: bool) -> dict[str, Caller]:
        """Who calls a destination by the files, or every workload beside, by name."""
        destination = self.destinations[name]
        found = {one.label: one for one in (*self.desk.callers.of(destination), OUTSIDE)}
        if everyone:
            found.update({one.label: one for one in map(workload_caller, self.desk.mesh.workloads.all)})
        return found


@frozen(eq=False, repr=False)
class Pair:
    """One port of one destination on both sides."""

    name: str
    port: int
    sides: tuple[Side, Side]
    targets: tuple[tuple[Target, ...], tuple[Target, ...]]

    @property
    def ports(self) -> Iterator[Port]:
        """Whatever judges the calls, on either side."""
        for side, targets in zip(self.sides, self.targets, strict=True):
            for target in targets:
                yield from side.desk.ports(target)


@frozen(repr=False)
class Compared:
    """What was found: the calls that differ, how many were asked about, and what could not be compared."""

    calls: tuple[Calls, ...]
    asked: int
    notes: tuple[str, ...]


def compared_calls(before: AccessDesk, after: AccessDesk, reach: Reach, causes: Causes) -> Compared:
    """The calls on which the two sides differ, among those that a change may concern."""
    sides = (Side.of(before), Side.of(after))
    everyone = _asks_everyone(sides)
    calls: list[Calls] = []
    notes: list[str] = []
    asked = 0
    for name in sorted(set(sides[0].destinations) & set(sides[1].destinations)):
        wanted = _wanted(sides, name, reach, everyone=everyone)
        for pair in pairs(sides, name) if wanted else ():
            made = _of_pair(pair, wanted, causes, with_others=reach.takes(name.partition("/")[0]))
            calls.extend(made.calls)
            notes.extend(made.notes)
            asked += made.asked
    return Compared(tuple(calls), asked, tuple(notes))


def _asks_everyone(sides: tuple[Side, Side]) -> bool:
    edges = max(len(one.desk.mesh.workloads.all) * len(one.destinations) for one in sides)
    return edges <= _MOST_EDGES


def _wanted(
    sides: tuple[Side, Side], name: str, reach: Reach, *, everyone: bool
) -> dict[str, tuple[Caller, Caller]]:
    """The callers to ask about, as they are on each side."""
    old, new = (one.callers(name, everyone=everyone) for one in sides)
    both = {label: (old.get(label), new.get(label)) for label in sorted({*old, *new})}
    found = {label: _on_both(sides, pair) for label, pair in both.items()}
    kept = {label: pair for label, pair in found.items() if pair is not None}
    if reach.takes(name.partition("/")[0]):
        return kept
    return {label: pair for label, pair in kept.items() if label in reach.clients}


def _on_both(
    sides: tuple[Side, Side], pair: tuple[Caller | None, Caller | None]
) -> tuple[Caller, Caller] | None:
    """A caller on both sides, also where one of them does not name it; None for a workload that one lacks."""
    found = [
        one if one is not None else _counterpart(other, side)
        for one, other, side in ((pair[0], pair[1], sides[0]), (pair[1], pair[0], sides[1]))
    ]
    return None if found[0] is None or found[1] is None else (found[0], found[1])


def _counterpart(other: Caller | None, side: Side) -> Caller | None:
    if other is None or other.workload is None:
        return other
    named = side.desk.mesh.workloads.named(other.label)
    return workload_caller(named[0]) if named else None


def pairs(sides: tuple[Side, Side], name: str) -> Iterator[Pair]:
    """The ports of a destination that there are on both sides."""
    old, new = (one.targets(name) for one in sides)
    for port in sorted(set(old) & set(new)):
        yield Pair(name, port, sides, (old[port], new[port]))


def _dialed(target: Target) -> int:
    return target.dialed or target.port


def _of_pair(
    pair: Pair, wanted: dict[str, tuple[Caller, Caller]], causes: Causes, *, with_others: bool
) -> Compared:
    asked = Asked.of(demand for port in pair.ports for demand in demands_of(port))
    try:
        parts = parts_of(without_identity(asked), kind_of)
        found = list(cells(parts, _MOST_CELLS))
        others = identity_part(asked) if with_others else None
    except TooComplex:
        note = f"{pair.name}:{pair.port} tells too many kinds of requests apart to compare them all"
        return Compared((), 0, (note,))
    callers = {**wanted, **({} if others is None else dict(_others(others, _identities(pair, wanted))))}
    comparison = Comparison(pair, parts, found, causes)
    calls = comparison.of({label: one for label, one in callers.items() if label not in _own(pair)})
    return Compared(tuple(calls), len(callers) * len(found), ())


def _own(pair: Pair) -> set[str]:
    """The workloads behind the destination, which nobody asks to call themselves."""
    held = (target.workload for targets in pair.targets for target in targets)
    return {f"{one.namespace}/{one.name}" for one in held}


def _others(part: Part, known: frozenset[str]) -> Iterator[tuple[str, tuple[Caller, Caller]]]:
    """A caller for each kind of identity that policies tell apart, but for those that are known by name."""
    for choice in part.choices:
        if choice.only is None or not choice.only <= known:
            held = sorted(words for at, (_, words) in enumerate(part.sets) if at in choice.inside)
            words = " and ".join(one for one in dict.fromkeys(held) if one != _ANY)
            caller = Caller(
                f"any other with {words}" if words else "any other identity", principal=choice.value
            )
            yield caller.label, (caller, caller)


def _identities(pair: Pair, wanted: dict[str, tuple[Caller, Caller]]) -> frozenset[str]:
    """The identities of the callers that are asked about by their names."""
    found: set[str] = set()
    for both in wanted.values():
        for side, one in zip(pair.sides, both, strict=True):
            if one.workload is not None:
                mesh = side.desk.mesh
                found |= {identity_of(mesh, one.workload), workload_identity(mesh, one.workload)}
            elif one.principal is not None:
                found.add(one.principal)
    return frozenset(found)


@frozen(eq=False, repr=False)
class Comparison:
    """Asks both sides about one port, one request for each kind that their policies tell apart."""

    pair: Pair
    parts: tuple[Part, ...]
    cells: list[Cell]
    causes: Causes

    def of(self, callers: dict[str, tuple[Caller, Caller]]) -> Iterator[Calls]:
        """What differs, callers with the same differences told together."""
        alike: dict[tuple[tuple[Outcome, Outcome, tuple[Box, ...]], ...], list[str]] = {}
        told: dict[tuple[Outcome, Outcome], tuple[Cause, ...]] = {}
        for label, both in callers.items():
            found, causes = self.differences(both)
            told.update({key: held for key, held in causes.items() if key not in told})
            if found:
                key = tuple((*change, boxes(held)) for change, held in sorted(found.items()))
                alike.setdefault(key, []).append(label)
        for key, labels in alike.items():
            for old, new, held in key:
                yield from self._told(tuple(labels), (old, new), held, told[old, new])

    def differences(
        self, both: tuple[Caller, Caller]
    ) -> tuple[dict[tuple[Outcome, Outcome], list[Cell]], dict[tuple[Outcome, Outcome], tuple[Cause, ...]]]:
        """The kinds of requests of a caller that end differently, by what became and becomes of them."""
        found: dict[tuple[Outcome, Outcome], list[Cell]] = {}
        causes: dict[tuple[Outcome, Outcome], tuple[Cause, ...]] = {}
        for cell in self.cells:
            request = request_with(self.parts, cell, self.pair.name, self.pair.port)
            old, new = (
                side.ask(caller, targets, request)
                for side, caller, targets in zip(self.pair.sides, both, self.pair.targets, strict=True)
            )
            change = (_outcome(old), _outcome(new))
            if change[0] != change[1]:
                found.setdefault(change, []).append(cell)
                if change not in causes:
                    causes[change] = self.causes.of_decisions(old, new)
        return found, causes

    def _told(
        self,
        callers: tuple[str, ...],
        change: tuple[Outcome, Outcome],
        held: Iterable[Box],
        causes: tuple[Cause, ...],
    ) -> Iterator[Calls]:
        (was, travelled), (now, travels) = change
        requests = tuple(in_words(self.parts, box) for box in held)
        requests = () if "" in requests else requests
        told = Calls(callers, self.pair.name, self.pair.port, requests, Effect.UNSURE, was, now, causes)
        if was != now:
            yield evolve(told, effect=_VERDICTS[now])
        if travelled != travels and now != "deny" and (was != "deny" or travels == "plaintext"):
            effect = _transport(travelled, travels)
            yield evolve(told, effect=effect, before=travelled, after=travels)


_VERDICTS = {"allow": Effect.LET_IN, "deny": Effect.DENIED, "depends": Effect.UNSURE}
_SEALED = frozenset({"mTLS", "mutual TLS", "one-way TLS", "TLS of the applications"})


def _transport(before: str, after: str) -> Effect:
    if after == "broken":
        return Effect.BROKEN
    if after == "plaintext":
        return Effect.PLAINTEXT
    if before == "broken":
        return Effect.MENDED
    return Effect.ENCRYPTED if before == "plaintext" and after in _SEALED else Effect.TRANSPORT


def _outcome(decision: AccessDecision) -> Outcome:
    return decision.verdict.value, decision.hop.transport.value
