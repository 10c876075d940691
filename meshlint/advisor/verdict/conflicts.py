"""Which needs exclude each other: each can be met, and no mesh meets all of them."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations

from meshlint.advisor.meshes import MESHES
from meshlint.advisor.needs import Need, possible_meshes


def conflicts(needs: Iterable[Need]) -> tuple[tuple[Need, ...], ...]:
    """The smallest sets of needs that leave no mesh, in the order of the needs; empty if one is left.

    One need for each mesh is enough to rule all of them out, so no smallest set has more than that.
    """
    hard = [need for need in needs if any(need.excludes(mesh) for mesh in MESHES)]
    for size in range(1, len(MESHES) + 1):
        found = tuple(group for group in combinations(hard, size) if not possible_meshes(group))
        if found:
            return found
    return ()
