"""Matches of routes that lose a part of what they say to others which are tried before them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import Enum
from functools import partial

from meshlint.documents import Place
from meshlint.matching import StringSet, known
from meshlint.mesh import Mesh
from meshlint.mesh.left_off import decided, leave_off
from meshlint.resources.age import are_known
from meshlint.traffic.conditions.condition import ANYTHING, Condition, joined
from meshlint.traffic.conditions.gateway_api import Path
from meshlint.traffic.reach.attached import go_together, merged_routes
from meshlint.traffic.status.statuses import Statuses
from meshlint.traffic.tables.entries import Entry, Forward, Target
from meshlint.traffic.tables.gateway_api.routes import Ranked, ranked_entries
from meshlint.values import frozen

_MOST_MATCHES = 200
_NOBODYS = "zqxjkv"
"""A segment that stands in no path: a pattern that takes it takes any."""


class Part(Enum):
    """Why a match loses a part of its requests."""

    SPELT = "a pattern spells out a path that a prefix or an exact path takes"
    LONGER = "a longer path goes before what is asked of headers, method or parameters"
    AGE = "the wider match of another route has its rank"


@frozen(eq=False, repr=False)
class PartTaken:
    """A match, the one that takes a part of its requests, and why that one is tried first."""

    entry: Entry
    by: Entry
    part: Part


def partly_taken(mesh: Mesh, statuses: Statuses) -> Iterator[PartTaken]:
    """The matches of merged routes that lose a part of what their text says, each once.

    Only where the text shows that its author counts on that part; that a narrower match is tried before a
    wider one is what the ranks are for (Gateway API: precedence of matches; istiod: sortHTTPRoutes).
    """
    told: set[Place | None] = set()
    for one in merged_routes(mesh, statuses):
        ranked = ranked_entries(mesh, one.routes, at_gateway=one.at_gateway)
        if len(ranked) > _MOST_MATCHES:
            leave_off(mesh, "matches of routes for one listener and host")
            continue
        for found in (*_spelt(mesh, ranked), *_headed(ranked), *_by_age(ranked)):
            at = found.entry.at.place if found.entry.at else None
            if at not in told:
                told.add(at)
                yield found


def _spelt(mesh: Mesh, ranked: Sequence[Ranked]) -> Iterator[PartTaken]:
    """Patterns of which a whole alternative is taken by a path that is written out elsewhere."""
    literal = [one for rank, one in ranked if rank[0] in (Path.EXACT, Path.PREFIX)]
    for rank, entry in ranked:
        for taker in literal if rank[0] == Path.REGEX and entry.match is not None else ():
            if not _act_alike(entry, taker) and _together(entry, taker) and _spells(mesh, entry, taker):
                yield PartTaken(entry, taker, Part.SPELT)
                break


def _spells(mesh: Mesh, entry: Entry, taker: Entry) -> bool:
    """Whether the taker has all that a pattern takes below the taker's path, which the pattern names."""
    pattern, path = _path(entry), _path(taker).rstrip("/")
    above, _, last = path.rpartition("/")
    if not last or re.search(rf"(?<!\w){re.escape(last)}(?!\w)", pattern) is None:
        return False
    mine, theirs = entry.condition.path, taker.condition.path
    anyone = StringSet.exact(f"{above}/{_NOBODYS}") | StringSet.prefix(f"{above}/{_NOBODYS}/")
    part = joined(entry.condition, Condition(path=theirs))
    return (
        decided(mesh, partial(mine.overlaps, theirs)) is True
        and decided(mesh, partial(mine.is_subset, theirs)) is False
        and decided(mesh, partial(mine.overlaps, anyone)) is False
        and decided(mesh, partial(part.is_subset, taker.condition)) is True
    )


def _headed(ranked: Sequence[Ranked]) -> Iterator[PartTaken]:
    """Matches by header, method or parameter, written before a longer path that leads to where requests
    without that go, in a route whose text has each rule before those that are wider.
    """
    entries = [one for _, one in ranked]
    for place, entry in enumerate(entries):
        if _asks_for_path_alone(entry.condition):
            continue
        for longer in entries[:place]:
            if longer.owner is entry.owner and _goes_before(entries, place, longer):
                yield PartTaken(entry, longer, Part.LONGER)
                break


def _goes_before(entries: Sequence[Entry], place: int, longer: Entry) -> bool:
    """Whether a longer path, written later, sends on as if the entry at `place` did not stand before it."""
    entry = entries[place]
    if not _asks_for_path_alone(longer.condition) or _number(entry) >= _number(longer):
        return False
    within = partial(longer.condition.path.is_subset, entry.condition.path)
    rest = next((one for one in entries[place + 1 :] if _is_within(entry, one)), None)
    if rest is None or known(within) is not True or _backends(longer) != _backends(rest):
        return False
    both = joined(entry.condition, longer.condition)
    before = entries[: entries.index(longer)]
    return (
        bool(_backends(longer))
        and bool(_backends(entry))
        and _backends(entry) != _backends(rest)
        and not any(known(partial(both.is_subset, one.condition)) is not False for one in before)
        and _is_sorted([one for one in entries if one.owner is entry.owner])
    )


def _is_sorted(own: Sequence[Entry]) -> bool:
    """Whether the text of a route would mean the same if its order counted, but for what overlaps."""
    written = sorted(own, key=_number)
    return not any(
        _number(one) < _number(other) and _is_within(other, one) and not _is_within(one, other)
        for place, one in enumerate(written)
        for other in written[place + 1 :]
    )


def _by_age(ranked: Sequence[Ranked]) -> Iterator[PartTaken]:
    """Matches within a wider one of their rank that another route has, where no file tells its age."""
    for place, (rank, entry) in enumerate(ranked):
        for other_rank, other in ranked[place + 1 :]:
            if rank != other_rank:
                break
            owners = (entry.owner, other.owner)
            apart = entry.owner is not other.owner and not are_known(owners) and _together(entry, other)
            if apart and not _act_alike(entry, other) and _is_narrower(entry, other):
                yield PartTaken(entry, other, Part.AGE)
                break


def _is_within(entry: Entry, wide: Entry) -> bool:
    return known(partial(entry.condition.is_subset, wide.condition)) is True


def _is_narrower(entry: Entry, wide: Entry) -> bool:
    back = partial(wide.condition.is_subset, entry.condition)
    return _is_within(entry, wide) and known(back) is False


def _together(one: Entry, other: Entry) -> bool:
    return go_together(one.owner, other.owner)


def _asks_for_path_alone(condition: Condition) -> bool:
    return condition.method is ANYTHING and not (condition.headers or condition.query)


def _number(entry: Entry) -> int:
    """The place of an entry's rule in the text of its route."""
    return int(entry.rule.path[-1])


def _path(entry: Entry) -> str:
    return "" if entry.match is None else str((entry.match / "path").text("value") or "")


def _backends(entry: Entry) -> frozenset[tuple[str, int | None]]:
    """Where an entry sends its requests; nowhere if the proxy answers by itself."""
    targets: tuple[Target, ...] = entry.action.targets if isinstance(entry.action, Forward) else ()
    return frozenset((one.host, one.port) for one in targets)


def _act_alike(one: Entry, other: Entry) -> bool:
    """Whether two rules do the same, so that it does not matter which of them is tried first."""
    return _settings(one) == _settings(other) and _backends(one) == _backends(other)


def _settings(entry: Entry) -> list[tuple[str, object]]:
    value = entry.rule.value
    items = value.items() if isinstance(value, dict) else ()
    return sorted((str(key), one) for key, one in items if key not in ("matches", "name", "backendRefs"))
