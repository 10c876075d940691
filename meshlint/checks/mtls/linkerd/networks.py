"""Networks that clients call past Linkerd's proxy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit
from meshlint.checks.world import World
from meshlint.matching import AddressSet
from meshlint.security.membership.annotations import CONFIG, inherited
from meshlint.security.membership.linkerd import linkerd_proxy

Parameters = Mapping[str, Any]


def subnets_skipped(world: World, _: Parameters) -> Iterator[Hit]:
    """Networks of the cluster itself that are called past the proxy."""
    cluster = AddressSet.of(*world.settings.linkerd.cluster_networks)
    for workload in world.mesh.workloads.all:
        written = inherited(world.mesh, workload, f"{CONFIG}skip-subnets")
        if written is None or linkerd_proxy(world.mesh, workload).is_absent:
            continue
        skipped = AddressSet.of(*(part.strip() for part in written.split(",")))
        if skipped.overlaps(cluster):
            yield Hit(
                written.field,
                f"{workload} calls '{written}' past its proxy, so calls there have no identity or encryption",
                resource=workload.resource,
                hint="These are networks of the cluster. Skip single ports or outside networks only.",
                about=str(workload),
            )
