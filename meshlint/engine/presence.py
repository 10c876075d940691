"""What a set holds at all, so that rules on other things need not even be loaded."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from meshlint.engine.rule import Rule
from meshlint.values import frozen

WORDS = {
    "istio": "istio",
    "linkerd": "linkerd",
    "gateway-api": "gateway.networking.k8s.io",
    "smi": "smi-spec.io",
}
"""A word for each mesh that stands in all texts which have to do with it, in groups or annotations."""
WORKLOAD = "Workload"
"""Stands in the needs of rules for each kind that makes pods."""


@frozen(eq=False, repr=False)
class Presence:
    """The kinds of a set's objects, and the meshes that it speaks of."""

    kinds: frozenset[str]
    meshes: frozenset[str]

    def concerns(self, rule: Rule) -> bool:
        """Whether a rule may have anything to say."""
        by_kind = not rule.needs or any(kind in self.kinds for kind in rule.needs)
        spoken = any(mesh in self.meshes for mesh in rule.meshes) if self.meshes else rule.plain
        return by_kind and (not rule.meshes or spoken)


def presence(kinds: frozenset[str], texts: Iterable[str], meshes: Collection[str] = ()) -> Presence:
    """What is present in texts with objects of some kinds; `meshes` are known to be anyway.

    None is where neither texts nor settings speak of one.
    """
    found = set(meshes)
    for text in texts:
        found.update(mesh for mesh, word in WORDS.items() if mesh not in found and word in text)
        if len(found) == len(WORDS):
            break
    return Presence(kinds, frozenset(found))
