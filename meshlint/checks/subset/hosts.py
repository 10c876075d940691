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
    rules_for_missing,
)
from meshlint.checks.world import World


def rule_host_missing(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A DestinationRule is for a host that does not exist, which no route to it says already."""
    found = list(rules_for_missing(world))
    routed = {one.host for one, _missing in missing_destinations(world)} if found else frozenset()
    for rule, host, missing in found:
        if world.mesh.destination_rules.host(rule) in routed:
            continue
        yield Hit(
            host.field,
            f"{rule.resource} is for {str(host)!r}, which does not exist, so it has no effect",
            resource=rule.resource,
            hint=(full_name(world, host) if is_short_form(world, host) else "")
            or host_hint(host, missing, world, rule.resource),
        )
