"""The traffic policy that DestinationRules put in force for a port of a host, or of one of its subsets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from meshlint.documents import Field
from meshlint.mesh.routing.destination_rules import Applied
from meshlint.resources.age import are_known
from meshlint.resources.istio.destination_rule import DestinationRule, Subset
from meshlint.resources.istio.traffic_policy import TrafficPolicy
from meshlint.values import evolve, frozen

AUTO = "auto"
_MESH = "ISTIO_MUTUAL"
_NONE = "DISABLE"
_OWN = ("SIMPLE", "MUTUAL")
BLOCKS = ("connectionPool", "loadBalancer", "outlierDetection", "tls")
"""The blocks of which a port's own entry replaces all, whether it writes them or not."""


@frozen(eq=False, repr=False)
class EffectivePolicy:
    """Each block that is in force, as written; what is missing has the mesh's defaults.

    `rules` are the DestinationRules that are merged to it, `undecided` says where their age decides.
    `endpoints` is the TLS mode by which endpoints are picked out for mutual TLS where no `tls` is in force.
    """

    blocks: dict[str, Field]
    subset: Subset | None = None
    rules: tuple[DestinationRule, ...] = ()
    undecided: tuple[str, ...] = ()
    endpoints: str | None = None

    def block(self, name: str) -> Field | None:
        """The block of that name."""
        return self.blocks.get(name)

    @property
    def tls_mode(self) -> str:
        """The TLS mode; `auto` where the mesh decides for each endpoint."""
        tls = self.blocks.get("tls")
        if tls is not None:
            return str(tls.text("mode") or _NONE)
        if self.endpoints is None:
            return AUTO
        return _MESH if self.endpoints == _MESH else _NONE

    @property
    def selects_clients(self) -> bool:
        """Whether it is the policy of a rule for clients with some labels."""
        return bool(self.rules) and self.rules[0].workload_selector is not None

    def of_sidecar(self) -> EffectivePolicy:
        """The policy as it is in force for a sidecar.

        Certificates by the name of a Secret are for gateways and for sidecars that a rule selects. For others
        the block is dropped, so that they send plaintext (Istio: credentialName of DestinationRules).
        """
        tls = self.blocks.get("tls")
        if tls is None or self.selects_clients or self.tls_mode not in _OWN or not tls.text("credentialName"):
            return self
        return evolve(
            self, blocks={name: one for name, one in self.blocks.items() if name != "tls"}, endpoints=_NONE
        )


def policy_of(applied: Applied, port: int | None, subset: str | None = None) -> EffectivePolicy:
    """The policy of one port: its own entry takes the place of all blocks around it and inherits none, and a
    subset's block that of the host's block of that name (Istio: effective policy).
    """
    blocks = dict(_of(_top(applied), port))
    chosen = next(iter(applied.subsets(subset)), None) if subset else None
    if chosen is not None and chosen.traffic_policy is not None:
        blocks = _over(blocks, chosen.traffic_policy, port)
    policies = (None if chosen is None else chosen.traffic_policy, _top(applied))
    endpoints = next((mode for one in policies if (mode := _of_endpoints(one, port)) is not None), None)
    return EffectivePolicy(blocks, chosen, applied.rules, tuple(_undecided(applied, subset)), endpoints)


def _of_endpoints(policy: TrafficPolicy | None, port: int | None) -> str | None:
    """The TLS mode that endpoints are judged by: unlike the policy itself, that of the host counts where the
    port's entry has none (Istio: what decides on mutual TLS per endpoint).
    """
    if policy is None:
        return None
    entry = _entry(policy.port_level_settings, port)
    tls = entry.tls if entry is not None and entry.tls is not None else policy.tls
    return None if tls is None else str(tls.mode)


def _undecided(applied: Applied, subset: str | None) -> Iterator[str]:
    """What is left to the age of the rules: which of them counts, or whose policy or subset does."""
    everyone = (*applied.rules, *applied.others)
    if are_known(rule.resource for rule in everyone):
        return
    names = " and ".join(sorted({str(rule.resource) for rule in everyone}))
    if applied.others and applied.rules[0].workload_selector is not None:
        yield f"the oldest of {names} counts alone, as each selects the client"
    elif applied.others:
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
