"""DestinationRules that take the place of others for some clients, and lose what those say."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.mesh import Mesh
from meshlint.mesh.namespaces.placement import belong_together
from meshlint.mesh.routing.effective_policies import BLOCKS
from meshlint.resources.istio.destination_rule import DestinationRule, Subset
from meshlint.resources.istio.traffic_policy import TrafficPolicy
from meshlint.traffic.destination_rules.conflicts import merged_rules
from meshlint.values import frozen


@frozen(eq=False, repr=False)
class Shadow:
    """A rule for some clients that leaves out what `plain`, which it replaces for them, says."""

    rule: DestinationRule
    plain: DestinationRule
    lost: tuple[str, ...]


def selector_shadows(mesh: Mesh) -> Iterator[Shadow]:
    """Rules with a `workloadSelector` and what their clients lose by them.

    Such a rule takes the place of the plain one as a whole: nothing is inherited (Istio: workloadSelector of
    DestinationRules).
    """
    for rule in mesh.destination_rules.all:
        if rule.workload_selector is None or not rule.host:
            continue
        host = mesh.destination_rules.host(rule)
        owner = mesh.hosts.owner(host)
        applied = mesh.destination_rules.for_client(rule.resource.namespace, host, owner)
        for plain in applied.rules if applied is not None else ():
            apart = plain.resource.id != rule.resource.id
            together = apart and belong_together(rule.resource, plain.resource)
            lost = tuple(_lost(rule, plain)) if together else ()
            if lost:
                yield Shadow(rule, plain, lost)


def _lost(rule: DestinationRule, plain: DestinationRule) -> Iterator[str]:
    for block in BLOCKS:
        if _has(plain.traffic_policy, block) and not _says(rule, block):
            yield block
    kept = {str(subset.name) for subset in rule.subsets}
    yield from (f"subset {subset.name}" for subset in plain.subsets if str(subset.name) not in kept)


def _says(rule: DestinationRule, block: str) -> bool:
    """Whether a rule has a block of its own, for the host or for one of its ports."""
    policy = rule.traffic_policy
    return policy is not None and any(_has(one, block) for one in (policy, *policy.port_level_settings))


def _has(policy: TrafficPolicy | None, block: str) -> bool:
    return policy is not None and bool(policy.field / block)


@frozen(eq=False, repr=False)
class TwinSubset:
    """A subset that a rule merged with this one defines with other labels: the older rule's counts."""

    rule: DestinationRule
    subset: Subset
    other: DestinationRule
    twin: Subset


def twin_subsets(mesh: Mesh) -> Iterator[TwinSubset]:
    """Every subset that two merged rules define differently, from both sides (Istio: merging of rules)."""
    for one, other in merged_rules(mesh):
        twins = {str(subset.name): subset for subset in other.subsets}
        for subset in one.subsets:
            twin = twins.get(str(subset.name))
            if twin is not None and dict(twin.labels) != dict(subset.labels):
                yield TwinSubset(one, subset, other, twin)


def overruled_in_root(mesh: Mesh) -> Iterator[tuple[DestinationRule, DestinationRule]]:
    """Rules of the root namespace for a host that has a public rule beside its service, each with that one.

    The service's namespace is asked before the root namespace (Istio: DestinationRule lookup).
    """
    root = mesh.settings.root_namespace
    for rule in mesh.destination_rules.all:
        if rule.resource.namespace != root or not rule.host:
            continue
        host = mesh.destination_rules.host(rule)
        owner = mesh.hosts.owner(host)
        applied = mesh.destination_rules.for_client(owner, host, owner) if owner else None
        nearer = applied.rules[0] if applied is not None else rule
        if nearer.resource.namespace != root and mesh.destination_rules.visibility(nearer).everywhere:
            yield rule, nearer
