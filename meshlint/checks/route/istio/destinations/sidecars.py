"""Sidecars that block destinations by what they leave out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit
from meshlint.checks.world import World


def mode_missing(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A Sidecar has a policy for unknown hosts that names no mode, which blocks them."""
    for sidecar in world.mesh.sidecars:
        policy = sidecar.outbound_traffic_policy
        if policy is not None and not policy.field / "mode":
            yield Hit(
                policy.field,
                f"{sidecar.resource} has an outboundTrafficPolicy without a mode, so it blocks unknown hosts",
                resource=sidecar.resource,
                on_key=True,
                hint="Write `mode: REGISTRY_ONLY` if that is meant, or `mode: ALLOW_ANY`.",
            )
