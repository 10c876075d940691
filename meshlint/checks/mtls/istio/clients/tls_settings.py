"""TLS settings of DestinationRules that lose what they are for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.world import World
from meshlint.mesh import Mesh, MtlsMode
from meshlint.mesh.remembered import remembered
from meshlint.resources.istio.peer_authentication import PeerAuthentication
from meshlint.resources.kubernetes.service import Service
from meshlint.security.membership.istio import istio_sidecar
from meshlint.security.transport.clients import (
    MESH,
    ONE_WAY,
    OWN_CERTIFICATES,
    called_ports,
    is_routed_to,
    settings_of,
    takes_any_name,
)
from meshlint.security.transport.reached import Server, every_server, servers
from meshlint.security.transport.servers import is_disabled_somewhere, workload_mtls
from meshlint.security.transport.wide_conflicts import asked_where_disabled

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
    for rule, setting in settings_of(world.mesh, *_ORIGINATING):
        if setting.tls.insecure_skip_verify:
            yield Hit(
                setting.tls.field / "insecureSkipVerify",
                f"{rule} takes any certificate of '{rule.host}', so anyone on the way can pose as it",
                resource=rule.resource,
            )


def needless_certificates(world: World, _: Parameters) -> Iterator[Hit]:
    """Certificates beside the mesh's own TLS."""
    for rule, setting in settings_of(world.mesh, MESH):
        tls = setting.tls
        named = tls.client_certificate or tls.private_key or tls.ca_certificates or tls.credential_name
        if named is not None:
            yield Hit(
                named.field,
                f"{rule} names certificates beside ISTIO_MUTUAL, so they are not used",
                resource=rule.resource,
            )


def own_certificates(world: World, _: Parameters) -> Iterator[Hit]:
    """Certificates of one's own towards a workload of the mesh."""
    for rule, setting in settings_of(world.mesh, OWN_CERTIFICATES):
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
    for rule, setting in settings_of(world.mesh, *_ORIGINATING):
        name = setting.tls.credential_name
        if name is None or name.startswith("configmap://"):
            continue
        if rule.workload_selector is None:
            yield Hit(
                name.field,
                f"{rule} names a credential and no workloads, so sidecars send plaintext to '{rule.host}'",
                resource=rule.resource,
                hint="Add a `workloadSelector`; gateways are not concerned.",
            )


def to_disabled(world: World, _: Parameters) -> Iterator[Hit]:
    """The mesh's TLS towards a sidecar that has turned it off, where not both are for all hosts alike."""
    wide = {(id(policy), id(rule)) for policy, rule in asked_where_disabled(world.mesh)}
    for rule, setting in settings_of(world.mesh, MESH) if is_disabled_somewhere(world.mesh) else ():
        for server in servers(world.mesh, rule, setting, _disabling):
            refusing = _disables(world.mesh, server)
            if refusing is not None and (id(refusing), id(rule)) not in wide:
                yield Hit(
                    setting.tls.field / "mode",
                    f"{rule} makes clients use mutual TLS to {server.workload}, so calls fail: {refusing} "
                    "disables it",
                    resource=rule.resource,
                    hint="Set PERMISSIVE there, or remove the `tls` block: clients then go by the policy.",
                    related=(Related(refusing.field, "mutual TLS is turned off here"),),
                )
                break


def disabled_for_all(world: World, _: Parameters) -> Iterator[Hit]:
    """A policy that turns mutual TLS off where a rule for all hosts makes clients use it."""
    for policy, rule in asked_where_disabled(world.mesh):
        tls = rule.traffic_policy.tls if rule.traffic_policy is not None else None
        if policy.mtls is not None and tls is not None:
            yield Hit(
                policy.mtls.field / "mode",
                f"{policy} turns mutual TLS off where {rule} makes clients use it, so calls fail",
                resource=policy.resource,
                hint="Set PERMISSIVE here, or remove the `tls` block: clients then go by the policy.",
                related=(Related(tls.field, "clients are made to use it here"),),
                about=str(rule),
            )


def any_name(world: World, _: Parameters) -> Iterator[Hit]:
    """A client that expects no name of the server."""
    for rule, setting in settings_of(world.mesh, *_ORIGINATING):
        if takes_any_name(world.mesh, rule, setting):
            yield Hit(
                setting.tls.field,
                f"{rule} expects no name of '{rule.host}', so any certificate of the CA is taken",
                resource=rule.resource,
                hint="List the names of the server in `subjectAltNames`.",
            )


def twice(world: World, _: Parameters) -> Iterator[Hit]:
    """TLS around what the clients encrypt already."""
    for rule, setting in settings_of(world.mesh, *_ORIGINATING):
        ports = called_ports(world.mesh, rule, setting)
        port = next((one for one in ports if one.protocol.is_tls), None)
        # A route may bring plaintext to the port from another one.
        if port is not None and not is_routed_to(world.mesh, world.mesh.destination_rules.host(rule)):
            yield Hit(
                setting.tls.field / "mode",
                f"{rule} wraps TLS around port {port.number} of '{rule.host}', which is declared as "
                f"{port.protocol.name}",
                resource=rule.resource,
                hint="Clients send TLS there already. Declare the port as HTTP, or remove the `tls` block.",
                related=(Related(port.field, "the port"),),
            )


@remembered
def _disabling(mesh: Mesh, service: Service, port: int | None) -> tuple[Server, ...]:
    """What clients reach by a port of a Service, and where mutual TLS is turned off."""
    return tuple(one for one in every_server(mesh, service, port) if _disables(mesh, one) is not None)


def _disables(mesh: Mesh, server: Server) -> PeerAuthentication | None:
    """What turns mutual TLS off on a port of a server with a sidecar."""
    if not istio_sidecar(mesh, server.workload).is_present:
        return None
    modes = (workload_mtls(mesh, server.workload, port) for port in sorted(server.ports))
    return next((one.deciding[-1] for one in modes if one.modes == {MtlsMode.DISABLE} and one.deciding), None)
