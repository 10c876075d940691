"""Workloads that Linkerd's proxy passes by, and ports and policies that are open because of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.world import World
from meshlint.mesh import Mesh
from meshlint.resources.kubernetes.workload import Workload
from meshlint.resources.linkerd.server import Server
from meshlint.security.linkerd.ports import skipped_inbound
from meshlint.security.linkerd.servers import governed, ports_on, servers_on
from meshlint.security.membership.annotations import INJECT
from meshlint.security.membership.linkerd import ON, injecting_namespaces, linkerd_proxy
from meshlint.security.membership.presence import Membership

Parameters = Mapping[str, Any]
_SHORT_LIVED = frozenset({"CronJob", "Job"})


def left_out(world: World, _: Parameters) -> Iterator[Hit]:
    """A workload that nothing injects, beside ones that are injected one by one."""
    injected = _first_injected(world.mesh)
    for workload, membership in _absent(world.mesh):
        sibling = injected.get(workload.namespace)
        if sibling is not None and not membership.opted_out and workload.kind not in _SHORT_LIVED:
            yield Hit(
                workload.field / "metadata" / "name",
                f"{workload} is not injected beside workloads that are, so its traffic is plaintext",
                resource=workload.resource,
                hint=f"Annotate its pod template with `{INJECT}: enabled`, or the namespace for all of them.",
                related=(Related(sibling.field / "metadata" / "name", f"{sibling} is injected"),),
            )


def opted_out(world: World, _: Parameters) -> Iterator[Hit]:
    """A workload that its author keeps out of a namespace that is injected."""
    for workload, membership in _absent(world.mesh):
        annotations = world.mesh.namespaces.annotations(workload.namespace) or {}
        if membership.opted_out and annotations.get(INJECT) in ON and membership.because is not None:
            yield Hit(
                membership.because,
                f"{workload} is kept out of the mesh, so its traffic is plaintext and it has no identity",
                resource=workload.resource,
                hint=f"It is out because {membership.reason}.",
            )


def host_network(world: World, _: Parameters) -> Iterator[Hit]:
    """A pod template that asks for a proxy and for the host's network at once."""
    for workload, _membership in _absent(world.mesh):
        asked = workload.pod.annotations.get(INJECT)
        if workload.pod.host_network and asked in ON and asked is not None:
            yield Hit(
                asked.field,
                f"{workload} asks for injection and uses the host's network, so it gets no proxy",
                resource=workload.resource,
                related=(Related(workload.pod.spec / "hostNetwork", "nothing is injected with this"),),
            )


def server_without_proxy(world: World, _: Parameters) -> Iterator[Hit]:
    """A Server over pods that have no proxy to enforce it."""
    mesh = world.mesh
    injecting = injecting_namespaces(mesh)
    for server in mesh.linkerd.servers:
        selected = [one for one in mesh.linkerd.selected(server) if ports_on(server, one)]
        bare = [one for one in selected if _surely_bare(mesh, one, injecting)]
        if bare:
            membership = linkerd_proxy(mesh, bare[0])
            yield Hit(
                server.field / "metadata" / "name",
                f"{server} selects {bare[0]}, which has no proxy, so nothing enforces its policies there",
                resource=server.resource,
                hint=f"It has none because {membership.reason}.",
                related=(Related(membership.because or bare[0].field / "metadata" / "name", "the workload"),),
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


def bypassed_server(world: World, _: Parameters) -> Iterator[Hit]:
    """A Server for a port that is taken past the proxy."""
    for server in world.mesh.linkerd.servers:
        for workload, port in governed(world.mesh, server):
            skipped = skipped_inbound(world.mesh, workload)
            if skipped.ports.admits(port) and not linkerd_proxy(world.mesh, workload).is_absent:
                yield _bypassed(world.mesh, server, workload, port)
                break


def _bypassed(mesh: Mesh, server: Server, workload: Workload, port: int) -> Hit:
    because = skipped_inbound(mesh, workload).because
    related = () if because is None else (Related(because.field, "this takes the port past the proxy"),)
    return Hit(
        server.resource.spec / "port",
        f"{server} is bypassed at port {port} of {workload}, so anyone may call it in plaintext",
        resource=server.resource,
        hint="The port is in `skip-inbound-ports`, set or by default. Take it out of the list.",
        related=related,
    )


def _absent(mesh: Mesh) -> Iterator[tuple[Workload, Membership]]:
    injecting = injecting_namespaces(mesh)
    for workload in mesh.workloads.all:
        if workload.namespace in injecting:
            membership = linkerd_proxy(mesh, workload)
            if membership.is_absent:
                yield workload, membership


def _surely_bare(mesh: Mesh, workload: Workload, injecting: frozenset[str]) -> bool:
    """Whether pods have no proxy and none can come from `linkerd inject` in a pipeline."""
    membership = linkerd_proxy(mesh, workload)
    in_sight = membership.opted_out or workload.namespace in injecting or mesh.settings.complete
    return membership.is_absent and in_sight


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
