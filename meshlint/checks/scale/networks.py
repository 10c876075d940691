"""Networks of Istio's mesh of clusters that no cluster is part of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit
from meshlint.checks.world import World
from meshlint.mesh.questions.clusters import unknown_registries

Parameters = Mapping[str, Any]


def network_unknown(world: World, _: Parameters) -> Iterator[Hit]:
    """A network of the mesh that is said to hold a cluster which nobody knows."""
    for one in unknown_registries(world.mesh):
        if one.from_registry is not None:
            yield Hit(
                one.from_registry.field,
                f"Network '{one.network}' holds cluster '{one.from_registry}', for which there is no remote "
                "secret",
                hint="Use the name under which the remote secret has the cluster's configuration.",
                about=str(one.from_registry),
            )
