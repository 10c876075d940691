"""Which pods EnvoyFilters and other extensions of proxies are for, and of which kind these are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from meshlint.mesh.mesh import Mesh
from meshlint.mesh.namespaces.namespaces import WORKLOADS
from meshlint.mesh.questions.envoy_patches import envoy_filters
from meshlint.mesh.workloads.gateways import GATEWAY_NAME, is_gateway
from meshlint.resources.istio.envoy_filter import EnvoyFilter, EnvoyPatch
from meshlint.resources.kubernetes.workload import Workload
from meshlint.values import frozen

_IDLE: Final[Mapping[bool | None, frozenset[str]]] = {
    True: frozenset({"SIDECAR_INBOUND", "SIDECAR_OUTBOUND"}),
    False: frozenset({"GATEWAY"}),
}
"""The contexts that gateways do not have, and those that other pods do not have."""
_CONTEXTS: Final = frozenset().union(*_IDLE.values())


@frozen(eq=False, repr=False)
class AbsentContext:
    """A patch for proxies of a context of which none of the pods that its EnvoyFilter selects has one."""

    owner: EnvoyFilter
    patch: EnvoyPatch
    workload: Workload


def absent_contexts(mesh: Mesh) -> Iterator[AbsentContext]:
    """Patches for gateways of filters that are for other pods, and patches for sidecars of such for gateways.

    A filter without a selector is for all pods of its namespace, where the files show them. A patch counts in
    proxies of its context alone: a gateway has no inbound and outbound listeners of its own, and a sidecar
    none of a gateway (Istio: EnvoyFilter, PatchContext).
    """
    for owner in envoy_filters(mesh):
        patched = {patch.context for patch in owner.config_patches}
        workloads = () if patched.isdisjoint(_CONTEXTS) else _selected(mesh, owner)
        if not workloads:
            continue
        kinds = {_is_gateway(mesh, one) for one in workloads}
        idle = _IDLE.get(kinds.pop(), frozenset()) if len(kinds) == 1 else frozenset()
        for patch in owner.config_patches:
            if patch.context in idle:
                yield AbsentContext(owner, patch, workloads[0])


def _selected(mesh: Mesh, owner: EnvoyFilter) -> tuple[Workload, ...]:
    """The workloads in view that a filter is for; none where more of them may be elsewhere."""
    selector, namespace = owner.workload_selector, owner.resource.namespace
    is_wide = namespace == mesh.settings.root_namespace
    if owner.target_refs:
        return ()
    if selector is not None and selector.labels:
        return mesh.workloads.labelled(None if is_wide else namespace, selector.labels)
    made = any(one.namespace == namespace for one in mesh.kubernetes_gateways)
    shown = mesh.namespaces.shows(namespace, WORKLOADS, owner.field)
    return () if is_wide or made or not shown else mesh.workloads.in_namespace(namespace)


def _is_gateway(mesh: Mesh, workload: Workload) -> bool | None:
    """Whether pods are gateways of Istio; None where they may be waypoints, or both."""
    if GATEWAY_NAME in workload.pod.labels or mesh.waypoints.run_by(workload) is not None:
        return None
    serves = bool(mesh.gateways.served_by(workload))
    proxied = any("proxyv2" in str(one.image or "") for one in workload.pod.containers)
    return True if is_gateway(workload) else None if serves or proxied else False
