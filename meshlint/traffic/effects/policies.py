"""The traffic policy that a client really applies to a host, a port and a subset of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import frozen

from meshlint.documents import Field
from meshlint.mesh import Mesh
from meshlint.mesh.routing.destination_rules import Applied
from meshlint.resources.istio.destination_rule import DestinationRule, Subset
from meshlint.resources.istio.traffic_policy import TrafficPolicy
from meshlint.traffic.request import Client

BLOCKS = ("connectionPool", "loadBalancer", "outlierDetection", "tls")
"""The blocks of which a port's own entry replaces all, whether it writes them or not."""


@frozen(eq=False, repr=False)
class EffectivePolicy:
    """Each block that is in force, as written; what is missing has the mesh's defaults.

    `rules` are the DestinationRules that are merged to it, `undecided` says where their age decides.
    """

    blocks: dict[str, Field]
    subset: Subset | None = None
    rules: tuple[DestinationRule, ...] = ()
    undecided: tuple[str, ...] = ()

    def block(self, name: str) -> Field | None:
        """The block of that name."""
        return self.blocks.get(name)

    @property
    def tls_mode(self) -> str:
        """The TLS mode; `auto` where the mesh decides for each endpoint."""
        tls = self.blocks.get("tls")
        return "auto" if tls is None else str(tls.text("mode") or "DISABLE")


def effective_policy(
    mesh: Mesh, client_namespace: str, host: str, port: int | None, subset: str | None = None
) -> EffectivePolicy:
    """The policy of a client for a port of `host`, or of one of its subsets.

    A port's entry takes the place of all blocks around it and inherits none; a subset's block takes the place
    of the host's block of that name, and a port's entry in the subset that of all (Istio: effective policy).
    """
    applied = mesh.destination_rules.for_client(client_namespace, host, mesh.hosts.owner(host))
    return EffectivePolicy({}) if applied is None else _policy(applied, port, subset)


def client_policy(
    mesh: Mesh, client: Client, host: str, port: int | None, subset: str | None = None
) -> EffectivePolicy:
    """The policy of a client whose pods are known, so that rules which select them count as well."""
    owner = mesh.hosts.owner(host)
    applied = mesh.destination_rules.for_client(client.namespace, host, owner, client.labels)
    return EffectivePolicy({}) if applied is None else _policy(applied, port, subset)


def _policy(applied: Applied, port: int | None, subset: str | None) -> EffectivePolicy:
    blocks = dict(_of(_top(applied), port))
    chosen = next(iter(applied.subsets(subset)), None) if subset else None
    if chosen is not None and chosen.traffic_policy is not None:
        blocks = _over(blocks, chosen.traffic_policy, port)
    return EffectivePolicy(blocks, chosen, applied.rules, tuple(_undecided(applied, subset)))


def _undecided(applied: Applied, subset: str | None) -> Iterator[str]:
    """What is left to the age of the rules: which of them counts, or whose policy or subset does."""
    names = " and ".join(sorted({str(rule.resource) for rule in applied.rules}))
    if not applied.is_merged:
        yield f"the newest of {names} counts alone, as they are not exported alike"
    elif sum(rule.traffic_policy is not None for rule in applied.rules) > 1:
        yield f"the policy of the oldest of {names} counts"
    elif subset and len(applied.subsets(subset)) > 1:
        yield f"the subset of the oldest of {names} counts"


def _top(applied: Applied) -> TrafficPolicy | None:
    """The policy of the first rule that has one; several rules are merged, but not their policies."""
    return next((rule.traffic_policy for rule in applied.rules if rule.traffic_policy is not None), None)


def _of(policy: TrafficPolicy | None, port: int | None) -> Iterator[tuple[str, Field]]:
    if policy is not None:
        entry = _entry(policy.port_level_settings, port)
        yield from _written(policy if entry is None else entry)


def _over(blocks: dict[str, Field], policy: TrafficPolicy, port: int | None) -> dict[str, Field]:
    entry = _entry(policy.port_level_settings, port)
    return dict(_written(entry)) if entry is not None else blocks | dict(_written(policy))


def _entry(entries: Iterable[TrafficPolicy], port: int | None) -> TrafficPolicy | None:
    return next((entry for entry in entries if port is not None and entry.port == port), None)


def _written(policy: TrafficPolicy) -> Iterator[tuple[str, Field]]:
    for name in BLOCKS:
        if isinstance((policy.field / name).value, dict):
            yield name, policy.field / name


def originates_tls(mesh: Mesh, hosts: Iterable[str]) -> bool:
    """Whether any rule for one of `hosts`, or for a port or subset of it, makes proxies encrypt."""
    from meshlint.security.transport.clients import ONE_WAY, OWN_CERTIFICATES, tls_settings

    return any(
        setting.tls.mode in (ONE_WAY, OWN_CERTIFICATES)
        for host in hosts
        for rule in mesh.destination_rules.naming(host.lower())
        for setting in tls_settings(rule)
    )
