"""Workloads and ports that Linkerd's proxy passes by, so that they are plaintext."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.shared.linkerd_pods import absent
from meshlint.checks.world import World
from meshlint.mesh import Mesh
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.linkerd.ports import skipped_inbound
from meshlint.security.linkerd.servers import servers_on
from meshlint.security.membership.annotations import INJECT
from meshlint.security.membership.istio import is_meshed
from meshlint.security.membership.linkerd import ON, linkerd_proxy

Parameters = Mapping[str, Any]
_SHORT_LIVED = frozenset({"CronJob", "Job"})


def left_out(world: World, _: Parameters) -> Iterator[Hit]:
    """A workload that nothing injects, beside ones that are injected one by one."""
    injected = _first_injected(world.mesh)
    for workload, membership in absent(world.mesh):
        sibling = injected.get(workload.namespace)
        if sibling is None or membership.opted_out or workload.kind in _SHORT_LIVED:
            continue
        # What Istio carries is no plaintext.
        if not is_meshed(world.mesh, workload):
            yield Hit(
                workload.field / "metadata" / "name",
                f"{workload} is not injected beside workloads that are, so its traffic is plaintext",
                resource=workload.resource,
                hint=f"Annotate its pod template with `{INJECT}: enabled`, or the namespace for all of them.",
                related=(Related(sibling.field / "metadata" / "name", f"{sibling} is injected"),),
            )


def opted_out(world: World, _: Parameters) -> Iterator[Hit]:
    """A workload that its author keeps out of a namespace that is injected."""
    for workload, membership in absent(world.mesh):
        annotations = world.mesh.namespaces.annotations(workload.namespace) or {}
        if membership.opted_out and annotations.get(INJECT) in ON and membership.because is not None:
            yield Hit(
                membership.because,
                f"{workload} is kept out of the mesh, so its traffic is plaintext and it has no identity",
                resource=workload.resource,
                hint=f"It is out because {membership.reason}.",
            )


def skipped_port(world: World, _: Parameters) -> Iterator[Hit]:
    """A declared port that an annotation takes past the proxy."""
    for workload in world.mesh.workloads.all:
        skipped = skipped_inbound(world.mesh, workload)
        if skipped.because is None or linkerd_proxy(world.mesh, workload).is_absent:
            continue
        ports = sorted(_tcp_ports(workload))
        passed = [p for p in ports if skipped.ports.admits(p) and not servers_on(world.mesh, workload, p)]
        if passed:
            listed = ", ".join(str(port) for port in passed)
            yield Hit(
                skipped.because.field,
                f"{workload} takes port {listed} past its proxy, so it is plaintext and without any policy",
                resource=workload.resource,
                hint="Mark the port as opaque instead, if only its protocol is the problem.",
                about=str(workload),
            )


def _first_injected(mesh: Mesh) -> dict[str, Workload]:
    """A lasting workload with a proxy for each namespace that has one."""
    found: dict[str, Workload] = {}
    for workload in mesh.workloads.all:
        is_new = workload.namespace not in found and workload.kind not in _SHORT_LIVED
        if is_new and linkerd_proxy(mesh, workload).is_present:
            found[workload.namespace] = workload
    return found


def _tcp_ports(workload: Workload) -> set[int]:
    declared = (one for one in workload.pod.ports() if one.protocol == "TCP")
    return {one.container_port for one in declared if one.container_port}
