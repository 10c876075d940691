"""Extensions of proxies that are for none of the pods they select."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.world import World
from meshlint.mesh.questions.near_misses import nearly_selected
from meshlint.mesh.questions.proxy_extensions import absent_contexts
from meshlint.resources import Resource
from meshlint.resources.istio.selection import match_labels, workload_labels

Parameters = Mapping[str, Any]
_KINDS = (
    ("networking.istio.io", "EnvoyFilter"),
    ("networking.istio.io", "ProxyConfig"),
    ("extensions.istio.io", "TrafficExtension"),
    ("extensions.istio.io", "WasmPlugin"),
)


def absent_context(world: World, _: Parameters) -> Iterator[Hit]:
    """A patch for gateways of pods that are none, or for sidecars of pods that are gateways."""
    for found in absent_contexts(world.mesh):
        owner = found.owner.resource
        yield Hit(
            found.patch.field / "match" / "context",
            f"{owner} patches context {found.patch.context}, which {found.workload} does not have, "
            "so it is idle",
            resource=owner,
            hint="Sidecars have SIDECAR_INBOUND and SIDECAR_OUTBOUND, gateways have GATEWAY.",
            related=(Related(found.workload.resource.at("metadata", "name"), "it is for these pods"),),
            about=str(found.patch.field.path),
        )


def selects_nothing(world: World, _: Parameters) -> Iterator[Hit]:
    """An extension that misses pods by a slip, or by labels of what stands before or above them."""
    root = world.settings.root_namespace
    for resource in (one for group, kind in _KINDS for one in world.resources.of(group, kind)):
        labels = _labels(resource)
        is_wide = resource.kind == "EnvoyFilter" and resource.namespace == root
        if not labels or world.mesh.workloads.labelled(None if is_wide else resource.namespace, labels):
            continue
        meant = nearly_selected(world.mesh, resource, labels)
        if meant is not None:
            yield Hit(
                resource.spec / ("workloadSelector" if resource.kind == "EnvoyFilter" else "selector"),
                f"{resource} selects no pod, though {meant} was surely meant, so it has no effect",
                resource=resource,
                on_key=True,
                hint="Labels of the pod template count.",
                related=(Related(meant.pod.field / "metadata" / "labels", "the labels of its pods"),),
            )


def _labels(resource: Resource) -> Mapping[str, str]:
    read = workload_labels if resource.kind == "EnvoyFilter" else match_labels
    selector = read(resource.spec)
    return {} if selector is None else selector.labels
