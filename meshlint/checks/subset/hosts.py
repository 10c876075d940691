"""Hosts of DestinationRules that lead nowhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit
from meshlint.checks.shared.hosts import (
    full_name,
    host_hint,
    is_short_form,
    rules_for_missing,
)
from meshlint.checks.world import World


def rule_host_missing(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A DestinationRule is for a host that does not exist."""
    for rule, host, missing in rules_for_missing(world):
        yield Hit(
            host.field,
            f"{rule.resource} is for {str(host)!r}, which does not exist, so it has no effect",
            resource=rule.resource,
            hint=(full_name(world, host) if is_short_form(world, host) else "")
            or host_hint(host, missing, world, rule.resource),
        )
