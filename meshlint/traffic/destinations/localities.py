"""Percentages by locality; unlike weights these are rejected unless they sum to 100."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.mesh import Mesh
from meshlint.resources.istio.load_balancer import Distribution
from meshlint.resources.istio.traffic_policy import TrafficPolicy
from meshlint.resources.resource import Resource


def distributions(mesh: Mesh) -> Iterator[tuple[Resource, Distribution]]:
    """Every entry of `localityLbSetting.distribute` whose percentages can be read."""
    for rule in mesh.destination_rules.all:
        policies = [rule.traffic_policy, *(subset.traffic_policy for subset in rule.subsets)]
        for policy in policies:
            for distribution in _of_policy(policy):
                if len(distribution.to) == len((distribution.field / "to").fields()):
                    yield rule.resource, distribution


def _of_policy(policy: TrafficPolicy | None) -> Iterator[Distribution]:
    if policy is None:
        return
    for inner in (policy, *policy.port_level_settings):
        balancer = inner.load_balancer
        if balancer is not None and balancer.locality_lb_setting is not None:
            yield from balancer.locality_lb_setting.distribute
