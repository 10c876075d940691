"""Servers over pods and ports that no proxy stands before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.world import World
from meshlint.mesh import Mesh
from meshlint.resources.kubernetes.workload import Workload
from meshlint.resources.linkerd.server import Server
from meshlint.security.linkerd.ports import skipped_inbound
from meshlint.security.linkerd.servers import governed, ports_on
from meshlint.security.membership.linkerd import injecting_namespaces, linkerd_proxy

Parameters = Mapping[str, Any]


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


def _surely_bare(mesh: Mesh, workload: Workload, injecting: frozenset[str]) -> bool:
    """Whether pods have no proxy and none can come from `linkerd inject` in a pipeline."""
    membership = linkerd_proxy(mesh, workload)
    in_sight = membership.opted_out or workload.namespace in injecting or mesh.settings.complete
    return membership.is_absent and in_sight
