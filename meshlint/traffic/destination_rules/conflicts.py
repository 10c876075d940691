"""DestinationRules of one namespace for one host."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations

from meshlint.mesh import Mesh
from meshlint.resources.istio.destination_rule import DestinationRule


def conflicts(mesh: Mesh) -> Iterator[tuple[DestinationRule, DestinationRule, str]]:
    """Pairs of rules that are not merged as they look, from both sides, with the key that they differ in.

    Rules with the same `exportTo` are merged, but of their policies the first counts as a whole; others are
    not merged at all. Rules for some clients only stand apart (Istio: several DestinationRules).
    """
    for rules in _for_one_host(mesh):
        for one, other in permutations(rules, 2):
            if set(one.export_to) != set(other.export_to):
                yield one, other, "exportTo"
            elif one.traffic_policy is not None and other.traffic_policy is not None:
                yield one, other, "trafficPolicy"


def merged_rules(mesh: Mesh) -> Iterator[tuple[DestinationRule, DestinationRule]]:
    """Pairs of rules whose subsets are joined, from both sides."""
    for rules in _for_one_host(mesh):
        for one, other in permutations(rules, 2):
            if set(one.export_to) == set(other.export_to):
                yield one, other


def _for_one_host(mesh: Mesh) -> Iterator[list[DestinationRule]]:
    """The plain rules of a namespace for one host, those left out that the files hold several versions of."""
    groups: dict[tuple[str, str], list[DestinationRule]] = {}
    for rule in mesh.destination_rules.all:
        if rule.workload_selector is None and rule.host:
            key = (rule.resource.namespace, mesh.destination_rules.host(rule))
            groups.setdefault(key, []).append(rule)
    for rules in groups.values():
        names = [rule.resource.name for rule in rules]
        yield [rule for rule in rules if names.count(rule.resource.name) == 1]
