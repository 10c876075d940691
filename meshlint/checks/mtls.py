"""Where Istio lets plaintext in, sends it, or breaks on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.world import World
from meshlint.mesh import Mesh, MtlsMode
from meshlint.mesh.policies.peer_authentications import Scope
from meshlint.mesh.workloads.gateways import is_gateway
from meshlint.resources.istio.destination_rule import DestinationRule
from meshlint.resources.istio.peer_authentication import PeerAuthentication
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.membership.istio import istio_ambient, istio_sidecar
from meshlint.security.transport.clients import (
    MESH,
    ONE_WAY,
    PLAINTEXT,
    Server,
    TlsSetting,
    servers,
    tls_settings,
)
from meshlint.security.transport.servers import namespace_mtls, workload_mtls

Parameters = Mapping[str, Any]


def namespace_without_policy(world: World, _: Parameters) -> Iterator[Hit]:
    """A namespace with meshed workloads for which no PeerAuthentication in view decides."""
    mesh = world.mesh
    if mesh.settings.is_declared("mtls"):
        return
    for namespace in mesh.workloads.namespaces:
        if namespace_mtls(mesh, namespace).is_default:
            open_ones = [one for one in _meshed(mesh, namespace) if workload_mtls(mesh, one).is_default]
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
                )


def breaks_strict(world: World, _: Parameters) -> Iterator[Hit]:
    """A DestinationRule that makes clients speak what a STRICT server refuses."""
    for rule, setting, reached in _towards_servers(world.mesh):
        if setting.tls.mode in (PLAINTEXT, ONE_WAY):
            refusing = [server for server in reached if _refuses_plaintext(world.mesh, server)]
            if refusing:
                yield _broken(world.mesh, rule, setting, refusing[0].workload)


def sends_plaintext(world: World, _: Parameters) -> Iterator[Hit]:
    """A DestinationRule that turns mutual TLS off towards workloads that have it."""
    for rule, setting, reached in _towards_servers(world.mesh):
        meshed = [
            server
            for server in reached
            if _is_meshed(world.mesh, server.workload) and not is_gateway(server.workload)
        ]
        if not meshed or setting.tls.mode not in (PLAINTEXT, ONE_WAY):
            continue
        if not any(_refuses_plaintext(world.mesh, server) for server in reached):
            kind = "plaintext" if setting.tls.mode == PLAINTEXT else "one-way TLS"
            yield Hit(
                setting.tls.field / "mode",
                f"{rule.resource} makes clients send {kind} to '{rule.host}', so calls to "
                f"{meshed[0].workload} lose mutual TLS",
                resource=rule.resource,
                hint="Remove the `tls` block: clients in the mesh use mutual TLS by themselves.",
            )


def mutual_without_proxy(world: World, _: Parameters) -> Iterator[Hit]:
    """A DestinationRule that makes clients speak the mesh's TLS to pods without a proxy."""
    for rule, setting, reached in _towards_servers(world.mesh):
        if setting.tls.mode != MESH:
            continue
        for server in reached:
            membership = istio_sidecar(world.mesh, server.workload)
            if membership.is_kept_out and istio_ambient(world.mesh, server.workload).is_absent:
                yield Hit(
                    setting.tls.field / "mode",
                    f"{rule.resource} makes clients use mutual TLS to {server.workload}, which has no "
                    f"proxy, so every call fails",
                    resource=rule.resource,
                    hint=f"It has none because {membership.reason}. Inject it, or remove the `tls` block.",
                    related=(Related(server.workload.field / "metadata" / "name", "the workload"),),
                )
                break


def plaintext_rule(world: World, _: Parameters) -> Iterator[Hit]:
    """A DestinationRule that turns TLS off towards a host whose pods are not in view or have no proxy."""
    for rule in world.mesh.destination_rules.all:
        for setting in tls_settings(rule):
            reached = servers(world.mesh, rule, setting)
            if setting.tls.mode == PLAINTEXT and not any(_is_meshed(world.mesh, s.workload) for s in reached):
                yield Hit(
                    setting.tls.field / "mode",
                    f"{rule.resource} turns TLS off towards '{rule.host}', so calls to it are not encrypted",
                    resource=rule.resource,
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
        related=(Related(workloads[0].field / "metadata" / "name", f"this concerns {many}"),),
        about=namespace,
    )


_SCOPES: Mapping[Scope, Callable[[PeerAuthentication], str]] = {
    Scope.MESH: lambda _: "the whole mesh",
    Scope.NAMESPACE: lambda policy: f"namespace '{policy.resource.namespace}'",
    Scope.WORKLOAD: lambda _: "the workloads it selects",
}


def _with_mode(mesh: Mesh, mode: MtlsMode, effect: str) -> Iterator[Hit]:
    for policy in mesh.peer_authentications.all:
        scope = _SCOPES.get(mesh.peer_authentications.scope(policy))
        if scope is not None and policy.mode == mode.value and policy.mtls is not None:
            yield Hit(
                policy.mtls.field / "mode",
                f"{policy.resource} sets '{mode.value}' for {scope(policy)}, so {effect}",
                resource=policy.resource,
                hint="Set STRICT once every caller is in the mesh; exempt single ports with `portLevelMtls`.",
            )


def _broken(mesh: Mesh, rule: DestinationRule, setting: TlsSetting, workload: Workload) -> Hit:
    policies = workload_mtls(mesh, workload).deciding
    return Hit(
        setting.tls.field / "mode",
        f"{rule.resource} makes clients use '{setting.tls.mode}' to '{rule.host}', which demands mutual TLS, "
        "so every call fails",
        resource=rule.resource,
        hint="Remove the `tls` block: clients in the mesh use mutual TLS by themselves.",
        related=tuple(Related(policy.field, f"{policy.resource} demands it") for policy in policies[:1]),
    )


def _towards_servers(mesh: Mesh) -> Iterator[tuple[DestinationRule, TlsSetting, tuple[Server, ...]]]:
    for rule in mesh.destination_rules.all:
        for setting in tls_settings(rule):
            yield rule, setting, servers(mesh, rule, setting)


def _meshed(mesh: Mesh, namespace: str) -> list[Workload]:
    workloads = mesh.workloads.in_namespace(namespace)
    return [one for one in workloads if _is_meshed(mesh, one) and not is_gateway(one)]


def _is_meshed(mesh: Mesh, workload: Workload) -> bool:
    return istio_sidecar(mesh, workload).is_present or istio_ambient(mesh, workload).is_present


def _refuses_plaintext(mesh: Mesh, server: Server) -> bool:
    """Whether a sidecar surely refuses plaintext; ztunnel takes care of its clients by itself."""
    if not istio_sidecar(mesh, server.workload).is_present:
        return False
    ports = server.ports or {None}
    return all(workload_mtls(mesh, server.workload, port).accepts_plaintext is False for port in ports)
