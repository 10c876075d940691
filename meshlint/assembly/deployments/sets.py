"""Which deployments stand beside each other, and which are alternatives, such as one for each stage."""

from __future__ import annotations

from collections.abc import Sequence

from meshlint.assembly.deployments.clusters import told_apart
from meshlint.assembly.deployments.deployment import Deployment
from meshlint.values import field, frozen


@frozen(eq=False, repr=False)
class Sets:
    """`common` is in every set; of each group of `alternatives` one is in a set, and each is in some set."""

    common: tuple[Deployment, ...] = ()
    alternatives: tuple[tuple[Deployment, ...], ...] = field(factory=tuple)

    @property
    def members(self) -> list[tuple[Deployment, ...]]:
        """The deployments of each set: the first, the second … of all alternatives."""
        count = max((len(group) for group in self.alternatives), default=1)
        chosen = [tuple(group[turn % len(group)] for group in self.alternatives) for turn in range(count)]
        return [(*self.common, *one) for one in chosen]


def sets(found: Sequence[Deployment]) -> list[tuple[Deployment, ...]]:
    """The sets that deployments make, cluster by cluster; what may go to any is in the sets of each."""
    clusters = told_apart(one.cluster for one in found)
    parts = [[one for one in found if one.cluster in (cluster, None)] for cluster in clusters]
    return [members for part in parts or [list(found)] for members in _of_a_cluster(part).members]


def _of_a_cluster(found: Sequence[Deployment]) -> Sets:
    """The sets of one cluster: two that give one object, or use one file, are never in one."""
    groups: list[list[Deployment]] = []
    for one in found:
        touched = [group for group in groups if any(one.excludes(other) for other in group)]
        rest = [group for group in groups if group not in touched]
        groups = [*rest, [*(other for group in touched for other in group), one]]
    ordered = [tuple(sorted(group, key=lambda one: one.name)) for group in groups]
    return Sets(
        tuple(group[0] for group in ordered if len(group) == 1),
        tuple(sorted((group for group in ordered if len(group) > 1), key=lambda group: group[0].name)),
    )
