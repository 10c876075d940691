"""Hosts of DestinationRules that lead nowhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit
from meshlint.checks.shared.hosts import (
    full_name,
    host_hint,
    is_short_form,
    missing_destinations,
    missing_host,
)
from meshlint.checks.world import World


def rule_host_missing(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A DestinationRule is for a host that does not exist; one that routes lead to is told of these."""
    routed = {one.host for one, _ in missing_destinations(world)}
    for rule in world.mesh.destination_rules.all:
        missing = missing_host(world, rule.host, rule.resource)
        told = world.mesh.destination_rules.host(rule) in routed
        if rule.host is not None and missing is not None and not told:
            full = full_name(world, rule.host) if is_short_form(world, rule.host) else ""
            yield Hit(
                rule.host.field,
                f"{rule.resource} is for {str(rule.host)!r}, which does not exist, so it has no effect",
                resource=rule.resource,
                hint=full or host_hint(rule.host, missing, world, rule.resource),
            )
