"""Shares of localities that do not sum up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.admission.istio.vocabulary.mistake import Mistake
from meshlint.checks.hit import Hit
from meshlint.checks.shared.told import told
from meshlint.checks.world import World


def localities(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A distribution over localities does not sum to 100."""
    from meshlint.traffic.destinations.localities import distributions

    yield from told(world, Mistake.LOCALITY_WEIGHTS)
    for resource, distribution in distributions(world.mesh):
        if resource.kind == "DestinationRule":
            continue
        total = sum(distribution.to.values())
        if distribution.to and total != 100:
            yield Hit(
                distribution.field / "to",
                f"{resource} distributes {total:g} % of the requests from "
                f"{str(distribution.from_ or '')!r}, so it is rejected",
                resource=resource,
                on_key=True,
                hint="The percentages under `to` have to sum to 100.",
            )
