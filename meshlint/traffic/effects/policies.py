"""The traffic policy that a client really applies to a host, a port and a subset of it."""

from __future__ import annotations

from collections.abc import Iterable

from meshlint.mesh import Mesh
from meshlint.mesh.routing.effective_policies import EffectivePolicy, policy_of
from meshlint.traffic.request import Client


def effective_policy(
    mesh: Mesh, client_namespace: str, host: str, port: int | None, subset: str | None = None
) -> EffectivePolicy:
    """The policy of a client for a port of `host`, or of one of its subsets.

    A port's entry takes the place of all blocks around it and inherits none; a subset's block takes the place
    of the host's block of that name, and a port's entry in the subset that of all (Istio: effective policy).
    """
    applied = mesh.destination_rules.for_client(client_namespace, host, mesh.hosts.owner(host))
    return EffectivePolicy({}) if applied is None else policy_of(applied, port, subset)


def client_policy(
    mesh: Mesh, client: Client, host: str, port: int | None, subset: str | None = None
) -> EffectivePolicy:
    """The policy of a client whose pods are known, so that rules which select them count as well."""
    owner = mesh.hosts.owner(host)
    applied = mesh.destination_rules.for_client(client.namespace, host, owner, client.labels)
    if applied is None:
        return EffectivePolicy({})
    found = policy_of(applied, port, subset)
    return found if client.is_gateway else found.of_sidecar()


def originates_tls(mesh: Mesh, hosts: Iterable[str]) -> bool:
    """Whether any rule for one of `hosts`, or for a port or subset of it, makes proxies encrypt."""
    from meshlint.security.transport.clients import ONE_WAY, OWN_CERTIFICATES, tls_settings

    return any(
        setting.tls.mode in (ONE_WAY, OWN_CERTIFICATES)
        for host in hosts
        for rule in mesh.destination_rules.naming(host.lower())
        for setting in tls_settings(rule)
    )
