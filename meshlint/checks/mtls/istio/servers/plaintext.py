"""Where Istio lets plaintext in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.shared.mended import replaced
from meshlint.checks.world import World
from meshlint.mesh import Mesh, MtlsMode
from meshlint.mesh.policies.peer_authentications import Scope
from meshlint.mesh.workloads.gateways import is_gateway
from meshlint.resources.istio.peer_authentication import PeerAuthentication
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.membership.istio import is_meshed
from meshlint.security.transport.servers import decided_by_one, namespace_mtls, workload_mtls

Parameters = Mapping[str, Any]


def namespace_without_policy(world: World, _: Parameters) -> Iterator[Hit]:
    """A namespace with meshed workloads for which no PeerAuthentication in view decides."""
    mesh = world.mesh
    if mesh.settings.is_declared("mtls"):
        return
    for namespace in mesh.workloads.namespaces:
        if namespace_mtls(mesh, namespace).is_default:
            decided = decided_by_one(mesh, namespace)
            left = (one for one in mesh.workloads.in_namespace(namespace) if one not in decided)
            meshed = (one for one in left if is_meshed(mesh, one) and not is_gateway(one))
            open_ones = [one for one in meshed if workload_mtls(mesh, one).is_default]
            if open_ones:
                yield _undecided(mesh, namespace, open_ones)


def permissive(world: World, _: Parameters) -> Iterator[Hit]:
    """A PeerAuthentication that asks for PERMISSIVE."""
    effect = "plaintext from any caller is accepted there"
    return _with_mode(world.mesh, MtlsMode.PERMISSIVE, effect)


def disabled(world: World, _: Parameters) -> Iterator[Hit]:
    """A PeerAuthentication that turns mutual TLS off."""
    effect = "callers there have no identity and no encryption"
    return _with_mode(world.mesh, MtlsMode.DISABLE, effect)


def port_exception(world: World, _: Parameters) -> Iterator[Hit]:
    """A port that is exempt from STRICT."""
    for policy in world.mesh.peer_authentications.all:
        for entry in policy.port_level_mtls:
            if entry.mode in ("DISABLE", "PERMISSIVE"):
                yield Hit(
                    entry.field / "mode",
                    f"{policy.resource} exempts port {entry.field.name} from mutual TLS with "
                    f"'{entry.mode}', so plaintext is accepted on it",
                    resource=policy.resource,
                    fix=replaced(entry.field / "mode", "STRICT", safe=False),
                )


def _undecided(mesh: Mesh, namespace: str, workloads: list[Workload]) -> Hit:
    declared = mesh.namespaces.get(namespace)
    resource = declared or workloads[0].resource
    many = f"{workloads[0]} and {len(workloads) - 1} more" if len(workloads) > 1 else str(workloads[0])
    return Hit(
        resource.at("metadata", "name"),
        f"No PeerAuthentication covers namespace '{namespace}', so its meshed workloads accept plaintext",
        resource=resource,
        hint="Add a PeerAuthentication with mode STRICT, or declare the mesh-wide mode as `mtls: STRICT` "
        "under `mesh:` in the configuration.",
        related=(Related(workloads[0].field / "metadata" / "name", f"this concerns {many}", concerns=True),),
        about=namespace,
        in_doubt=not mesh.settings.complete and not _shows_modes(mesh, namespace, workloads),
    )


_SCOPES: Mapping[Scope, Callable[[PeerAuthentication], str]] = {
    Scope.MESH: lambda _: "the whole mesh",
    Scope.NAMESPACE: lambda policy: f"namespace '{policy.resource.namespace}'",
    Scope.WORKLOAD: lambda _: "the workloads it selects",
}


def _with_mode(mesh: Mesh, mode: MtlsMode, effect: str) -> Iterator[Hit]:
    for policy in mesh.peer_authentications.all:
        if policy.mode != mode.value or policy.mtls is None:
            continue
        scope = _SCOPES.get(mesh.peer_authentications.scope(policy))
        if scope is not None:
            yield Hit(
                policy.mtls.field / "mode",
                f"{policy.resource} sets '{mode.value}' for {scope(policy)}, so {effect}",
                resource=policy.resource,
                hint="Set STRICT once every caller is in the mesh; exempt single ports with `portLevelMtls`.",
                fix=replaced(policy.mtls.field / "mode", "STRICT", safe=False),
            )


def _shows_modes(mesh: Mesh, namespace: str, workloads: list[Workload]) -> bool:
    """Whether a mode for these workloads would be in the files: one is there for some whole namespace or the
    mesh, and they are surely of the namespace that they are read in.
    """
    is_wide = any(not one.selects_workloads for one in mesh.peer_authentications.all)
    named = any(one.resource.names_namespace for one in workloads)
    return is_wide and (named or mesh.namespaces.get(namespace) is not None)
