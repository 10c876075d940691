"""Hosts of VirtualServices on the mesh that others have taken, or that are too wide."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.admission.istio.vocabulary.mistake import Mistake
from meshlint.checks.hit import Hit, Related
from meshlint.checks.shared.told import told
from meshlint.checks.shared.wording import listed
from meshlint.checks.world import World
from meshlint.resources.resource import Resource


def mesh_host_conflict(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """Two VirtualServices claim one host for the same sidecars."""
    from meshlint.traffic.followers.conflicts import mesh_conflicts

    told: set[tuple[Resource, str]] = set()
    for conflict in mesh_conflicts(world.mesh):
        resource = conflict.virtual_service.resource
        if (resource, str(conflict.host)) not in told:
            told.add((resource, str(conflict.host)))
            where = f" for clients in {listed(conflict.namespaces)}" if conflict.namespaces else ""
            yield Hit(
                conflict.host.field,
                f"{resource} claims {str(conflict.host)!r} like {_short(conflict.other.resource)}{where}, "
                "so sidecars follow only the older",
                resource=resource,
                hint="Sidecars do not merge VirtualServices: put the routes into one, or delegate to others.",
                related=(Related(conflict.other.field / "hosts", "claimed here too"),),
                about=str(conflict.host),
            )


def _short(resource: Resource) -> str:
    return f"{resource.namespace}/{resource.name}"


def star_host_on_mesh(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A VirtualService for all hosts is bound to the sidecars."""
    return told(world, Mistake.STAR_HOST)
