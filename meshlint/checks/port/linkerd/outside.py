"""Calls out of the cluster that Linkerd's proxy cannot make sense of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit
from meshlint.checks.world import World
from meshlint.mesh import Mesh
from meshlint.mesh.graph.calls import addresses
from meshlint.mesh.hosts.server_first import speaks_first
from meshlint.mesh.names.expansion import partly_qualified, service_name
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.linkerd.ports import port_list
from meshlint.security.membership.annotations import SKIP_OUTBOUND, inherited
from meshlint.security.membership.linkerd import linkerd_proxy

Parameters = Mapping[str, Any]


def server_first(world: World, _: Parameters) -> Iterator[Hit]:
    """A workload calls a server outside of the cluster that speaks first, through its proxy."""
    mesh = world.mesh
    for workload in mesh.workloads.all:
        if not linkerd_proxy(mesh, workload).is_present or _is_guarded(mesh, workload):
            continue
        written = inherited(mesh, workload, SKIP_OUTBOUND)
        skipped = port_list("" if written is None else written).ports
        told: set[tuple[str, int]] = set()
        for host, port, value in addresses(workload):
            name = None if port is None else speaks_first(port)
            if port is None or name is None or skipped.admits(port) or (host, port) in told:
                continue
            if _is_outside(mesh, host):
                told.add((host, port))
                yield Hit(
                    value.field,
                    f"{workload} calls '{host}:{port}' outside of the cluster, where {name} servers speak "
                    "first, so the call stalls",
                    resource=workload.resource,
                    hint=f"Add {port} to `{SKIP_OUTBOUND}` of the pods.",
                    about=f"{host} {port}",
                )


def _is_guarded(mesh: Mesh, workload: Workload) -> bool:
    """Whether an EgressNetwork tells what is spoken outside."""
    return any(
        one.namespace in (workload.namespace, mesh.settings.linkerd.namespace)
        for one in mesh.resources.of("policy.linkerd.io", "EgressNetwork")
    )


def _is_outside(mesh: Mesh, host: str) -> bool:
    """Whether a name with dots is surely none of the cluster."""
    domain = mesh.settings.cluster_domain
    if service_name(host, domain) is not None or host.endswith((".svc", ".local", ".internal")):
        return False
    meant = partly_qualified(host, domain)
    is_known = meant is not None and (
        mesh.services.get(meant) is not None or mesh.namespaces.is_in_view(meant.namespace)
    )
    return host.count(".") > 1 and not is_known
