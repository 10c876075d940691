"""Namespaces that are meant for the mesh, and that its control plane does not look at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.world import World

_SECURITY = "security.istio.io"


def policies_ignored(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A namespace with policies that the control plane never reads."""
    for namespace, holder in world.mesh.discovery.undiscovered:
        held = (one for one in world.resources.resources if one.group == _SECURITY)
        policy = next((one for one in held if one.namespace == namespace.name), None)
        if policy is not None:
            yield Hit(
                namespace.at("metadata", "labels"),
                f"{namespace} lacks the labels of `discoverySelectors`, so {policy} is ignored",
                resource=namespace,
                on_key=True,
                hint="Give the namespace a label that the mesh-wide settings ask for.",
                related=(
                    Related(policy.at("metadata", "name"), "it is not read"),
                    Related(holder.at("metadata", "name"), "it holds the mesh-wide settings"),
                ),
            )
