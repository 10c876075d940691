"""TLS settings of DestinationRules that lose what they are for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.world import World
from meshlint.resources.istio.destination_rule import DestinationRule
from meshlint.security.client_tls import (
    MESH,
    ONE_WAY,
    OWN_CERTIFICATES,
    TlsSetting,
    servers,
    tls_settings,
)
from meshlint.security.istio_injection import istio_sidecar

Parameters = Mapping[str, Any]
_ORIGINATING = (ONE_WAY, OWN_CERTIFICATES)


def port_entry_drops_tls(world: World, _: Parameters) -> Iterator[Hit]:
    """An entry for a port without `tls`, beside TLS that is set for all ports."""
    for rule in world.mesh.destination_rules.all:
        policies = [rule.traffic_policy, *(subset.traffic_policy for subset in rule.subsets)]
        for policy in policies:
            if policy is None or policy.tls is None or policy.tls.mode not in _ORIGINATING:
                continue
            for entry in policy.port_level_settings:
                if entry.tls is None:
                    yield Hit(
                        entry.field,
                        f"{rule} has settings for port {entry.port} without `tls`, so calls to it are not "
                        "encrypted",
                        resource=rule.resource,
                        related=(Related(policy.tls.field, "this TLS does not count for that port"),),
                        hint="Repeat the `tls` block there: an entry replaces everything around it.",
                    )


def verification_off(world: World, _: Parameters) -> Iterator[Hit]:
    """A client that takes any certificate."""
    for rule, setting in _settings(world):
        if setting.tls.insecure_skip_verify and setting.tls.mode in _ORIGINATING:
            yield Hit(
                setting.tls.field / "insecureSkipVerify",
                f"{rule} takes any certificate of '{rule.host}', so anyone on the way can pose as it",
                resource=rule.resource,
            )


def needless_certificates(world: World, _: Parameters) -> Iterator[Hit]:
    """Certificates beside the mesh's own TLS."""
    for rule, setting in _settings(world):
        tls = setting.tls
        named = tls.client_certificate or tls.private_key or tls.ca_certificates or tls.credential_name
        if tls.mode == MESH and named is not None:
            yield Hit(
                named.field,
                f"{rule} names certificates beside ISTIO_MUTUAL, so they are not used",
                resource=rule.resource,
            )


def own_certificates(world: World, _: Parameters) -> Iterator[Hit]:
    """Certificates of one's own towards a workload of the mesh."""
    for rule, setting in _settings(world):
        if setting.tls.mode != OWN_CERTIFICATES:
            continue
        reached = servers(world.mesh, rule, setting)
        meshed = next((one for one in reached if istio_sidecar(world.mesh, one.workload).is_present), None)
        if meshed is not None:
            yield Hit(
                setting.tls.field / "mode",
                f"{rule} shows other certificates than the mesh's to {meshed.workload}, so it does not "
                "count as mTLS",
                resource=rule.resource,
                hint="Use ISTIO_MUTUAL, or remove the `tls` block.",
            )


def credential_of_sidecars(world: World, _: Parameters) -> Iterator[Hit]:
    """A credential by name, which only gateways and rules with a selector can use."""
    for rule, setting in _settings(world):
        name = setting.tls.credential_name
        if name is None or name.startswith("configmap://") or setting.tls.mode not in _ORIGINATING:
            continue
        if rule.workload_selector is None:
            yield Hit(
                name.field,
                f"{rule} names a credential and no workloads, so sidecars send plaintext to '{rule.host}'",
                resource=rule.resource,
                hint="Add a `workloadSelector`; gateways are not concerned.",
            )


def _settings(world: World) -> Iterator[tuple[DestinationRule, TlsSetting]]:
    for rule in world.mesh.destination_rules.all:
        for setting in tls_settings(rule):
            yield rule, setting
