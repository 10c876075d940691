"""Weights that do not mean what they look like."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.admission.istio.vocabulary.mistake import Mistake
from meshlint.checks.hit import Hit
from meshlint.checks.mending import Add, Fix
from meshlint.checks.shared.mended import removed
from meshlint.checks.shared.told import told
from meshlint.checks.world import World
from meshlint.traffic.destinations.shares import Split, Weighting


def not_percentages(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """Weights written as percentages sum to something else than 100."""
    from meshlint.traffic.destinations.percentages import furthest, mistaken_for_percentages, percent

    for split in mistaken_for_percentages(_sound(world)):
        share = furthest(split)
        yield Hit(
            share.at,
            f"{split.resource}: weights sum to {split.total}, so {share.name!r} gets "
            f"{percent(split.part(share))}, not {share.weight} %",
            resource=split.resource,
            hint="Weights are shares of their sum; let them sum to 100 if they are meant as percentages.",
        )


_NOTHING_LEFT = {
    Weighting.GATEWAY_API: "so every request that the rule takes fails",
    Weighting.SMI: "so no backend gets any request",
}


def all_zero(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """The weights of a route come to nothing."""
    yield from told(world, Mistake.WEIGHTS_ZERO)
    for split in world.traffic.splits:
        if split.weighting is Weighting.ISTIO:
            continue
        if split.total == 0 and not _is_negative(split) and _needs_weight(split):
            yield Hit(
                split.field,
                f"{split.resource} splits over weights that sum to 0, {_NOTHING_LEFT[split.weighting]}",
                resource=split.resource,
                on_key=True,
                hint="Give at least one destination a weight above 0.",
            )


def missing(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A destination has no weight beside others that have one."""
    for split in _sound(world):
        if split.weighting is Weighting.GATEWAY_API or len(split.shares) < 2 or split.total == 0:
            continue
        for share in split.shares:
            if share.written is None:
                yield Hit(
                    share.field,
                    f"{split.resource} gives {share.name!r} no weight beside others that have one, "
                    "so it gets 0 %",
                    resource=split.resource,
                    hint="Write the weight, also where it is 0; nothing is left over for the others.",
                    fix=Fix("write the weight 0", (Add(share.field, "weight", 0),), keeps_meaning=True),
                    about=share.name,
                )


def negative(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A weight is below 0."""
    yield from told(world, Mistake.WEIGHT)
    for split in world.traffic.splits:
        for share in split.shares if split.weighting is not Weighting.ISTIO else ():
            if share.weight < 0:
                yield Hit(
                    share.at,
                    f"{split.resource} gives {share.name!r} the weight {share.weight}, "
                    "so the object is rejected",
                    resource=split.resource,
                    hint="Weights start at 0.",
                    about=share.name,
                )


def lone(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """The only destination of a route has a weight, which does nothing."""
    for split in _sound(world):
        for share in split.shares:
            ignored = len(split.shares) == 1 and split.weighting is Weighting.ISTIO
            if ignored and share.written not in (None, 100):
                yield Hit(
                    share.at,
                    f"{split.resource} gives its only destination the weight {share.weight}, "
                    "so it still gets 100 %",
                    resource=split.resource,
                    hint="Leave the weight out, or add the destination that gets the rest.",
                    fix=removed(share.at, keeps_meaning=True) if share.at.name == "weight" else None,
                )


def _needs_weight(split: Split) -> bool:
    return len(split.shares) > (1 if split.weighting is Weighting.ISTIO else 0)


def _is_negative(split: Split) -> bool:
    return any(share.weight < 0 for share in split.shares)


def _sound(world: World) -> Iterator[Split]:
    """The splits of which no other rule says that they are rejected."""
    for split in world.traffic.splits:
        if not _is_negative(split) and (split.total > 0 or not _needs_weight(split)):
            yield split
