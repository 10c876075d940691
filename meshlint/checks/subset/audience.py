"""DestinationRules that nobody sees, or that stand where nobody looks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.shared.exports import export_place
from meshlint.checks.world import World


def rule_unseen(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A DestinationRule is exported to none of the clients that would look at it."""
    from meshlint.traffic.followers.audience import unused_rules

    for rule in unused_rules(world.mesh):
        yield Hit(
            export_place(rule),
            f"{rule.resource} is exported to no namespace that looks there for it, so nobody follows it",
            resource=rule.resource,
            hint="Clients look in their own namespace, in that of the service and in the root namespace.",
        )


def rule_misplaced(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A DestinationRule lies where no client looks for it."""
    from meshlint.traffic.followers.audience import misplaced_rules

    for rule, service in misplaced_rules(world.mesh):
        yield Hit(
            rule.field / "host",
            f"{rule.resource} is for a service of {service.namespace!r}, where clients look for it, "
            "so they do not follow it",
            resource=rule.resource,
            hint=f"Move it to {service.namespace!r}: beside the service a rule is for all clients.",
            related=(Related(service.at("metadata", "name"), "the Service"),),
        )
