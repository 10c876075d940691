"""Which boxes are drawn of a mesh: each thing, or where these are too many each namespace."""

from __future__ import annotations

from collections import Counter

from meshlint.reports.shared.drawing import Arrow, Drawing, Thing
from meshlint.reports.shared.soundness import GRAVEST

MOST = 300
"""More boxes than these nobody reads."""


def readable(drawing: Drawing) -> tuple[Drawing, str]:
    """What is drawn of a mesh, and a sentence on what is not drawn one by one, if anything."""
    if len(drawing.things) <= MOST:
        return drawing, ""
    sizes = Counter(thing.namespace for thing in drawing.things)
    kept = sorted(name for name, _ in sorted(sizes.items(), key=lambda one: (-one[1], one[0]))[:MOST])
    things = tuple(Thing("", name or "outside of namespaces", _counted(sizes[name]), name) for name in kept)
    told = f"{len(drawing.things)} workloads and gateways are too many to read, so each box is a namespace"
    left = len(sizes) - len(kept)
    more = f", and {left} smaller ones are left out" if left else ""
    return Drawing(things, _between(drawing, set(kept))), f"{told}{more}."


def _counted(count: int) -> str:
    return f"{count} workload{'' if count == 1 else 's'}"


def _between(drawing: Drawing, kept: set[str]) -> tuple[Arrow, ...]:
    """One arrow from a namespace to another, as grave as the gravest of those that it stands for."""
    home = {thing.id: thing.namespace for thing in drawing.things}
    found: dict[tuple[str, str], Counter[str]] = {}
    for arrow in drawing.arrows:
        ends = home[arrow.source], home[arrow.target]
        if ends[0] != ends[1] and kept.issuperset(ends):
            found.setdefault(ends, Counter())[arrow.way] += 1
    return tuple(
        Arrow(*ends, next(way for way in GRAVEST if ways[way]), f"{ways.total()} calls")
        for ends, ways in sorted(found.items())
    )
