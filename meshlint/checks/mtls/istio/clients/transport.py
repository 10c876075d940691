"""DestinationRules that send plaintext, or what the server breaks on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.shared.mended import removed
from meshlint.checks.world import World
from meshlint.resources.istio.destination_rule import DestinationRule
from meshlint.resources.istio.peer_authentication import PeerAuthentication
from meshlint.security.membership.istio import is_meshed, istio_sidecar, kept_out
from meshlint.security.transport.clients import (
    MESH,
    ONE_WAY,
    PLAINTEXT,
    TlsSetting,
    is_for_absent_port,
    settings_of,
)
from meshlint.security.transport.reached import in_the_mesh, left_out, refusing_plaintext, servers
from meshlint.security.transport.servers import workload_mtls
from meshlint.security.transport.wide_conflicts import demanded_where_disabled

Parameters = Mapping[str, Any]


def breaks_strict(world: World, _: Parameters) -> Iterator[Hit]:
    """A DestinationRule that makes clients speak what a STRICT server refuses."""
    for rule, setting in settings_of(world.mesh, PLAINTEXT, ONE_WAY):
        refusing = next(servers(world.mesh, rule, setting, refusing_plaintext), None)
        if refusing is not None:
            policies = workload_mtls(world.mesh, refusing.workload).deciding
            yield _broken(rule, setting, policies)
        policy = demanded_where_disabled(world.mesh, rule, setting)
        if policy is not None:
            yield _broken(rule, setting, (policy,))


def sends_plaintext(world: World, _: Parameters) -> Iterator[Hit]:
    """A DestinationRule that turns mutual TLS off towards workloads that have it."""
    for rule, setting in settings_of(world.mesh, PLAINTEXT, ONE_WAY):
        meshed = next(servers(world.mesh, rule, setting, in_the_mesh), None)
        if meshed is not None and not any(servers(world.mesh, rule, setting, refusing_plaintext)):
            kind = "plaintext" if setting.tls.mode == PLAINTEXT else "one-way TLS"
            yield Hit(
                setting.tls.field / "mode",
                f"{rule.resource} makes clients send {kind} to '{rule.host}', so calls to "
                f"{meshed.workload} lose mutual TLS",
                resource=rule.resource,
                hint="Remove the `tls` block: clients in the mesh use mutual TLS by themselves.",
            )


def mutual_without_proxy(world: World, _: Parameters) -> Iterator[Hit]:
    """A DestinationRule that makes clients speak the mesh's TLS to pods without a proxy."""
    some_are_out = any(kept_out(world.mesh, place) for place in world.mesh.workloads.namespaces)
    for rule, setting in settings_of(world.mesh, MESH) if some_are_out else ():
        for server in islice(servers(world.mesh, rule, setting, left_out), 1):
            reason = istio_sidecar(world.mesh, server.workload).reason
            yield Hit(
                setting.tls.field / "mode",
                f"{rule.resource} makes clients use mutual TLS to {server.workload}, which has no "
                f"proxy, so every call fails",
                resource=rule.resource,
                hint=f"It has none because {reason}. Inject it, or remove the `tls` block.",
                related=(Related(server.workload.field / "metadata" / "name", "the workload"),),
            )


def plaintext_rule(world: World, _: Parameters) -> Iterator[Hit]:
    """A DestinationRule that turns TLS off towards a host whose pods are not in view or have no proxy."""
    for rule, setting in settings_of(world.mesh, PLAINTEXT):
        reached = servers(world.mesh, rule, setting)
        is_told = any(is_meshed(world.mesh, server.workload) for server in reached)
        is_told = is_told or demanded_where_disabled(world.mesh, rule, setting) is not None
        is_told = is_told or is_for_absent_port(world.mesh, rule, setting)
        if not is_told:
            yield Hit(
                setting.tls.field / "mode",
                f"{rule.resource} turns TLS off towards '{rule.host}', so calls to it are not encrypted",
                resource=rule.resource,
            )


def _broken(rule: DestinationRule, setting: TlsSetting, policies: tuple[PeerAuthentication, ...]) -> Hit:
    return Hit(
        setting.tls.field / "mode",
        f"{rule.resource} makes clients use '{setting.tls.mode}' to '{rule.host}', which demands mutual TLS, "
        "so every call fails",
        resource=rule.resource,
        hint="Remove the `tls` block: clients in the mesh use mutual TLS by themselves.",
        fix=removed(setting.tls.field, safe=False),
        related=tuple(Related(policy.field, f"{policy.resource} demands it") for policy in policies[:1]),
    )
