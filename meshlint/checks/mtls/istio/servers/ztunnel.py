"""PeerAuthentications that ztunnel does not follow as they are written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.world import World
from meshlint.mesh import Mesh
from meshlint.mesh.policies.peer_authentications import Scope
from meshlint.resources.istio.peer_authentication import PeerAuthentication, PortMutualTls
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.membership.istio import istio_ambient
from meshlint.security.transport.servers import workload_mtls, written_mtls


def lost_modes(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A mode that comes out otherwise at ztunnel, or never gets there."""
    policies = world.mesh.peer_authentications
    for policy in policies.all:
        if policies.scope(policy) is Scope.WORKLOAD and policy.port_level_mtls:
            yield from _of_ports(world.mesh, policy)
        elif policies.scope(policy) is Scope.MESH and policy.selector is not None:
            yield from _unread(world.mesh, policy)


def _of_ports(mesh: Mesh, policy: PeerAuthentication) -> Iterator[Hit]:
    """The ports of a policy, and those that it does not name, for the first workload at which they differ."""
    found: dict[PortMutualTls | None, tuple[Workload, bool]] = {}
    labels = policy.selector.labels if policy.selector is not None else {}
    for workload in mesh.workloads.labelled(policy.namespace, labels):
        alone = mesh.peer_authentications.of_workload(workload) == (policy,)
        if alone and istio_ambient(mesh, workload).is_present:
            for entry in (*policy.port_level_mtls, None):
                is_open = _comes_in(mesh, workload, entry)
                if is_open is not None:
                    found.setdefault(entry, (workload, is_open))
    for entry, (workload, is_open) in found.items():
        what = "ports that it does not name" if entry is None else f"port {entry.port}"
        effect = "takes plaintext there" if is_open else "refuses plaintext there"
        yield Hit(
            policy.field / "portLevelMtls" if entry is None else entry.field,
            f"{policy} does not reach ztunnel for {what}, so it {effect}",
            resource=policy.resource,
            on_key=True,
            hint="Write a mode for the whole workload, and leave modes of the mesh to its namespace.",
            related=(Related(workload.resource.at("metadata", "name"), "in ambient mode"),),
        )


def _comes_in(mesh: Mesh, workload: Workload, entry: PortMutualTls | None) -> bool | None:
    """Whether ztunnel takes plaintext, where that surely is not what is written; else None."""
    if entry is not None and entry.port is None:
        return None
    port = None if entry is None else entry.port
    written = written_mtls(mesh, workload, port).accepts_plaintext
    real = workload_mtls(mesh, workload, port).accepts_plaintext
    return real if None not in (written, real) and written is not real else None


def _unread(mesh: Mesh, policy: PeerAuthentication) -> Iterator[Hit]:
    for workload in mesh.workloads.all:
        if workload.namespace != policy.namespace and istio_ambient(mesh, workload).is_present:
            yield Hit(
                policy.field / "selector",
                f"{policy} has an empty selector, so the ztunnels of other namespaces are not told of it",
                resource=policy.resource,
                on_key=True,
                hint="Remove `selector` to mean the whole mesh.",
                related=(Related(workload.resource.at("metadata", "name"), "in ambient mode"),),
            )
            return
