"""How much of the traffic for a host each entry of its route table still gets."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from meshlint.documents import Field
from meshlint.matching import LabelSelector, known
from meshlint.traffic.conditions.lines import Line
from meshlint.traffic.conditions.scopes import Scope
from meshlint.traffic.reach.virtual_services import covered
from meshlint.traffic.tables.entries import Entry, RouteTable
from meshlint.values import frozen

_ANYONE = Scope(frozenset(), LabelSelector.everything(), None, None)
_MOST_COMPARISONS = 50_000


@frozen(eq=False, repr=False)
class EntryReach:
    """What the entries before one leave to it; positions count from 0.

    `taken_by` are those that together take all of its requests, so that it is never reached; `shadowed_by`
    those that take any of them, `rivals` the ones among these that are written in another object.
    `is_impossible` says that no request meets its demands anyway, `is_known` whether all of this is decided.
    """

    entry: Entry
    taken_by: tuple[int, ...] = ()
    shadowed_by: tuple[int, ...] = ()
    rivals: tuple[int, ...] = ()
    is_impossible: bool = False
    is_known: bool = True

    @property
    def is_reached(self) -> bool:
        """Whether some request may come in, as far as it is decided."""
        return not (self.taken_by or self.is_impossible)


def table_reach(table: RouteTable, *, shadows: bool = True) -> tuple[EntryReach, ...]:
    """The reach of every entry of a table, in its order.

    Beyond a number of comparisons the shadowing of the last entries is left open (`is_known` is false), as it
    is where patterns are too complex. Without `shadows` only those are told that take all.
    """
    entries = table.entries
    lines = [_line(position, entry) for position, entry in enumerate(entries)]
    taken = covered(lines)
    takers = {
        line.position: tuple(one.position for one in by)
        for found in taken.lines.values()
        for line, by in found.items()
    }
    budget = _MOST_COMPARISONS
    reaches: list[EntryReach] = []
    for position in range(len(entries)):
        budget -= position
        within = budget >= 0 and position not in taken.undecided
        earlier = entries[:position] if shadows else ()
        reaches.append(_reach(entries, position, takers.get(position, ()), earlier, within=within))
    return tuple(reaches)


def _reach(
    entries: Sequence[Entry],
    position: int,
    takers: tuple[int, ...],
    earlier: Sequence[Entry],
    *,
    within: bool,
) -> EntryReach:
    entry = entries[position]
    if entry.condition.is_impossible:
        return EntryReach(entry, is_impossible=True)
    if takers:
        return EntryReach(entry, takers, takers, tuple(_foreign(entries, entry, takers)))
    if not within:
        return EntryReach(entry, is_known=False)
    shadowing = tuple(
        number
        for number, other in enumerate(earlier)
        if known(partial(other.condition.overlaps, entry.condition)) is not False
    )
    return EntryReach(entry, (), shadowing, tuple(_foreign(entries, entry, shadowing)))


def _foreign(entries: Sequence[Entry], entry: Entry, numbers: tuple[int, ...]) -> list[int]:
    return [number for number in numbers if entries[number].owner.id != entry.owner.id]


def _line(position: int, entry: Entry) -> Line:
    return Line(position, entry.rule, entry.match, _ANYONE, entry.condition, _literal(entry))


def _literal(entry: Entry) -> str | None:
    """The literal text that all paths of a match begin with; None where it is not plain."""
    if entry.match is None:
        return "" if entry.condition.is_catch_all else None
    if entry.owner.kind == "HTTPRoute":
        return _stem(entry.match / "path")
    uri = entry.match / "uri"
    if not uri or entry.outer is not None:
        return None
    plain = uri.text("exact") or uri.text("prefix")
    return None if plain is None or entry.match.boolean("ignoreUriCase") else str(plain)


def _stem(path: Field) -> str | None:
    value = str(path.text("value") or "/")
    kind = path.text("type") or "PathPrefix"
    return value if kind == "Exact" else value.rstrip("/") if kind == "PathPrefix" else None
