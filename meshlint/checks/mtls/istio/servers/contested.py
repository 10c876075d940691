"""PeerAuthentications of which files do not tell which one counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.world import World
from meshlint.security.transport.servers import contested_workloads


def for_workload(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """Two policies that select one workload and do not ask the same of it."""
    for one, other, workload in contested_workloads(world.mesh):
        yield Hit(
            other.resource.at("metadata", "name"),
            f"{other} and '{one.name}' set different modes for {workload}, so the older one decides",
            resource=other.resource,
            hint="Keep one of the two: which is older is not in the files.",
            related=(Related(one.resource.at("metadata", "name"), "the other policy"),),
            about=str(one),
        )
