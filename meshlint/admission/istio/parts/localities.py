"""Balancing by locality and by zone (Istio: `ValidateLocalityLbSetting`, `ValidateZoneAwareLbSetting`)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from meshlint.admission.istio.vocabulary.mistake import Mistake
from meshlint.admission.istio.vocabulary.said import Said, Scene, Steps
from meshlint.admission.istio.vocabulary.values import items, mapping, text
from meshlint.resources.schema.words.writing import quoted

TOPOLOGY: Final = frozenset(
    {"topology.kubernetes.io/region", "topology.kubernetes.io/zone", "topology.istio.io/subzone"}
)


def locality(value: Any, _: Scene) -> Iterator[Said]:
    """The shares and the order of localities; the webhook stops at the first that it cannot use."""
    failover, priority, distribute = (
        items(value, key) for key in ("failover", "failoverPriority", "distribute")
    )
    if distribute and failover:
        words = "sets both distribute and failover of localities"
        yield Said(
            Mistake.EXCLUSIVE, words, ("failover",), "Keep one.", on_key=True, related=(("distribute",),)
        )
        return
    for index, label in enumerate(priority if failover else ()):
        if _is_topology(label):
            words = f"sets failover and {quoted(label)} in failoverPriority"
            related = (("failover",),)
            yield Said(Mistake.EXCLUSIVE, words, ("failoverPriority", index), "Keep one.", related=related)
            return
    said, sound = _shares(distribute)
    yield from said
    if sound:
        yield from _localities(
            [(("distribute", i, "from"), text(one, "from")) for i, one in enumerate(distribute)]
        )
        yield from _regions(failover)


def zones(value: Any, _: Scene) -> Iterator[Said]:
    """The order of regions beside zone-aware balancing."""
    for index, label in enumerate(items(value, "failoverPriority")):
        if _is_topology(label):
            words = f"has {quoted(label)} in failoverPriority, which zone-aware balancing orders by itself"
            yield Said(Mistake.UNSUPPORTED, words, ("failoverPriority", index), "Remove it.")
    yield from _regions(items(value, "failover"))


def _is_topology(label: object) -> bool:
    return isinstance(label, str) and label in TOPOLOGY


def _shares(distribute: Sequence[Any]) -> tuple[list[Said], bool]:
    told: list[Said] = []
    for index, one in enumerate(distribute):
        to = mapping(one, "to")
        weights = {key: weight for key, weight in to.items() if isinstance(weight, int)}
        at: Steps = ("distribute", index, "to")
        for key, weight in weights.items():
            if not 0 < weight <= 100:
                words = f"gives locality {quoted(key)} the weight {weight}"
                return [
                    *told,
                    Said(Mistake.LOCALITY_WEIGHTS, words, (*at, key), "Weights are 1 to 100."),
                ], False
        total = sum(weights.values())
        if total != 100:
            words = f"distributes {total} % of the requests from {quoted(text(one, 'from'))}"
            hint = "The percentages of each origin sum to 100."
            where = at if to else ("distribute", index)
            return [*told, Said(Mistake.LOCALITY_WEIGHTS, words, where, hint, on_key=bool(to))], False
        told += _localities([((*at, key), key) for key in to])
    return told, True


def _regions(failover: Sequence[Any]) -> Iterator[Said]:
    for index, one in enumerate(failover):
        start, end = text(one, "from"), text(one, "to")
        at: Steps = ("failover", index)
        if start == end:
            yield Said(Mistake.EXCLUSIVE, f"fails over from {quoted(start)} to itself", at)
        for mark, what in (("/", "names a zone, and failover is between regions"), ("*", "has a wildcard")):
            key = next((key for key in ("from", "to") if mark in text(one, key)), None)
            if key is not None:
                words = f"fails over by {quoted(text(one, key))}, which {what}"
                yield Said(Mistake.UNREADABLE, words, (*at, key), "Name a region alone.")


def _localities(named: Sequence[tuple[Steps, str]]) -> Iterator[Said]:
    """The first locality that is malformed or overlaps with one before it."""
    seen: list[tuple[str, ...]] = []
    for at, name in named:
        if "*" in name and (name.count("*") > 1 or not name.endswith("*")):
            words = f"has the locality {quoted(name)}, whose wildcard is not at its end"
            yield Said(Mistake.UNREADABLE, words, at)
            return
        parts = tuple(name.split("/", 2))
        hint = "Write region, region/zone or region/zone/subzone."
        if any(_overlap(parts, other) for other in seen) or ("*",) in seen:
            yield Said(Mistake.TWICE, f"has the locality {quoted(name)}, which another covers", at)
            return
        if "" in parts:
            yield Said(Mistake.UNREADABLE, f"has the locality {quoted(name)} with an empty part", at, hint)
            return
        seen.append(parts)


def _overlap(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """As the webhook keeps them: a locality that is shorter covers what is below it, and so does a star."""
    if len(one) == 1:
        return one[0] == other[0]
    if one[0] != other[0] or len(other) == 1:
        return one[0] == other[0]
    if other[1] == "*":
        return True
    if one[1] != other[1]:
        return False
    return len(one) == 2 or len(other) == 2 or one[2] == other[2] or other[2] == "*"
