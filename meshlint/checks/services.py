"""Services that lead to no pod."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.world import World


def without_pods(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A Service does not select the pods of the workload that it is named like, nor any others."""
    from meshlint.traffic.idle_services import idle_services

    for idle in idle_services(world.mesh):
        service, workload = idle.service, idle.workload
        selector, has = service.selector or {}, workload.pod.labels
        labels = ", ".join(f"{key}={value}" for key, value in selector.items())
        wrong = next((value for key, value in selector.items() if has.get(key) != value), None)
        yield Hit(
            wrong.field if wrong is not None else service.resource.spec / "selector",
            f"{service} selects pods with {labels}, which {workload} does not have, "
            "so its requests get status 503",
            resource=service.resource,
            hint="Match the labels of the pod template.",
            related=(Related(workload.pod.field / "metadata" / "labels", "the labels of the pods"),),
        )
