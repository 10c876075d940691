"""Injection by Linkerd that is asked for in vain."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.shared.linkerd_pods import absent, written
from meshlint.checks.world import World
from meshlint.security.membership.annotations import ADMISSION_WEBHOOKS, INJECT
from meshlint.security.membership.linkerd import EXCLUDED_NAMESPACES, OFF, ON

Parameters = Mapping[str, Any]


def excluded_namespace(world: World, _: Parameters) -> Iterator[Hit]:
    """A request for injection where the injector is never asked."""
    mesh = world.mesh
    for resource, value in written(mesh, INJECT):
        namespace = resource.name if resource.kind == "Namespace" else resource.namespace
        off = (mesh.namespaces.labels(namespace) or {}).get(ADMISSION_WEBHOOKS)
        if value in ON and (namespace in EXCLUDED_NAMESPACES or off == OFF):
            why = "the namespace turns Linkerd's webhooks off" if off == OFF else "Linkerd leaves it out"
            yield Hit(
                value.field,
                f"{resource} asks for injection in '{namespace}', so nothing is injected",
                resource=resource,
                hint=f"Use another namespace: {why}.",
                related=() if off is None else (Related(off.field, "this turns the webhooks off"),),
            )


def host_network(world: World, _: Parameters) -> Iterator[Hit]:
    """A pod template that asks for a proxy and for the host's network at once."""
    for workload, _membership in absent(world.mesh):
        asked = workload.pod.annotations.get(INJECT)
        if workload.pod.host_network and asked in ON and asked is not None:
            yield Hit(
                asked.field,
                f"{workload} asks for injection and uses the host's network, so it gets no proxy",
                resource=workload.resource,
                related=(Related(workload.pod.spec / "hostNetwork", "nothing is injected with this"),),
            )
