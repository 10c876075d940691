"""Default policies that demand an identity in vain."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.world import World
from meshlint.documents import Field, Text
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.linkerd.default_policy import default_policy
from meshlint.security.linkerd.ports import port_list
from meshlint.security.linkerd.servers import ports_on
from meshlint.security.membership.annotations import REQUIRE_IDENTITY
from meshlint.security.membership.linkerd import linkerd_proxy

Parameters = Mapping[str, Any]


def identity_required_in_vain(world: World, _: Parameters) -> Iterator[Hit]:
    """Ports that are to ask for an identity where something else decides (Linkerd: default policy)."""
    mesh = world.mesh
    for workload in mesh.workloads.all:
        value = workload.pod.annotations.get(REQUIRE_IDENTITY)
        if value is None or not linkerd_proxy(mesh, workload).is_present:
            continue
        policy = default_policy(mesh, workload)
        if policy.because is not None and not policy.is_upgraded_by_identity:
            yield _in_vain(
                workload, value, f"the default policy '{policy.name}' stands", policy.because.field
            )
            continue
        for server in mesh.linkerd.servers_of(workload):
            ports = [one for one in ports_on(server, workload) if port_list(value).ports.admits(one)]
            if ports:
                place = server.field / "metadata" / "name"
                yield _in_vain(workload, value, f"{server} decides at port {ports[0]}", place)


def _in_vain(workload: Workload, value: Text, why: str, because: Field) -> Hit:
    return Hit(
        value.field,
        f"{workload} requires identities, but {why}, so the annotation has no effect there",
        resource=workload.resource,
        on_key=True,
        related=(Related(because, "this counts"),),
        about=why,
    )
