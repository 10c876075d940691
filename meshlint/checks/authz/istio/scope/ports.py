"""AuthorizationPolicies that name ports at which nothing arrives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.world import World

Parameters = Mapping[str, Any]


def not_of_service(world: World, _: Parameters) -> Iterator[Hit]:
    """A port, in a policy for a Service, that the Service does not have."""
    from meshlint.security.policies.values.ports import foreign_ports

    for one in foreign_ports(world.mesh):
        policy = one.found.policy.resource
        yield Hit(
            one.found.value.field,
            f"{policy} names port {one.found.value}, which Service '{one.service.name}' does not have, so "
            f"{one.found.effect}",
            resource=policy,
            hint=f"A waypoint sees the ports of the Service: name {one.instead}." if one.instead else None,
            related=(Related(one.service.resource.spec / "ports", "its ports"),),
        )


def not_served(world: World, _: Parameters) -> Iterator[Hit]:
    """A port that no container declares and no Service leads to."""
    from meshlint.security.policies.values.ports import unserved_ports

    for found, workload in unserved_ports(world.mesh):
        yield Hit(
            found.value.field,
            f"{found.policy.resource} names port {found.value}, which {workload} does not serve, so "
            f"{found.effect}",
            resource=found.policy.resource,
            related=(Related(workload.pod.field, "its pods"),),
        )
