"""Security policies whose selectors miss the pods that they are meant for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.world import World
from meshlint.security.policies.missed_pods import missed_pods


def selector_slip(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A selector that misses a workload by a slip, or by labels that stand on the workload alone.

    Of AuthorizationPolicies with the labels of the workload itself another rule speaks.
    """
    for policy, meant in missed_pods(world.mesh):
        labels = policy.selector.labels if policy.selector is not None else {}
        off_template = labels.items() <= dict(meant.labels).items() and meant.kind != "Pod"
        if not off_template or policy.resource.kind == "RequestAuthentication":
            yield Hit(
                policy.resource.spec / "selector" / "matchLabels",
                f"{policy.resource} selects no pod, though {meant} was surely meant, so it has no effect",
                resource=policy.resource,
                related=(Related(meant.pod.field / "metadata" / "labels", "the labels of its pods"),),
            )
