"""What a decision is made on, small enough to be changed and asked again."""

from __future__ import annotations

from collections.abc import Mapping

from meshlint.advisor.cost.costs import Model
from meshlint.advisor.cost.size import Size
from meshlint.advisor.meshes import MeshChoice
from meshlint.advisor.needs import Answer, Need, possible_meshes
from meshlint.values import evolve, field, frozen


@frozen
class Case:
    """Size and needs of a workload, the mesh that it is in, and how many objects find no match in each."""

    model: Model
    size: Size
    needs: tuple[Need, ...] = ()
    current: MeshChoice | None = None
    unmatched: Mapping[MeshChoice, int] = field(factory=dict)

    @property
    def possible(self) -> frozenset[MeshChoice]:
        """The meshes that no need excludes."""
        return possible_meshes(self.needs)

    @property
    def has_reason(self) -> bool:
        """Whether a need calls for a mesh."""
        return any(need.reason for need in self.needs)

    def with_need(self, need: Need) -> Case:
        """The same with one more need, which concerns every namespace."""
        if need in self.needs:
            return self
        takes_waypoints = need.support[MeshChoice.ISTIO_AMBIENT].answer is Answer.WAYPOINT
        size = self.size.behind_waypoints() if takes_waypoints else self.size
        return evolve(self, needs=(*self.needs, need), size=size)

    def without(self, mesh: MeshChoice) -> tuple[Case, tuple[Need, ...]]:
        """The same without the needs that exclude `mesh`, and these needs."""
        gone = tuple(need for need in self.needs if need.excludes(mesh))
        return evolve(self, needs=tuple(need for need in self.needs if need not in gone)), gone
