"""The traffic policies of DestinationRules, wherever they stand."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.checks.world import World
from meshlint.resources.istio.traffic_policy import TrafficPolicy
from meshlint.resources.resource import Resource


def traffic_policies(world: World) -> Iterator[tuple[Resource, TrafficPolicy]]:
    """Every policy of a host, a subset or a port."""
    for rule in world.mesh.destination_rules.all:
        whole = [rule.traffic_policy, *(subset.traffic_policy for subset in rule.subsets)]
        for policy in whole:
            if policy is not None:
                yield rule.resource, policy
                yield from ((rule.resource, entry) for entry in policy.port_level_settings)
