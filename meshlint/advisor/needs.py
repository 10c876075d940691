"""What each mesh offers for each need, as its documentation says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum
from functools import cache
from typing import Any

from meshlint.advisor.cost.figures import read_data
from meshlint.advisor.meshes import MESHES, MeshChoice
from meshlint.values import frozen


class Answer(Enum):
    """Whether a mesh meets a need. WAYPOINT is a yes that takes a waypoint in ambient."""

    YES = "yes"
    WAYPOINT = "waypoint"
    WORKAROUND = "workaround"
    NO = "no"

    @property
    def is_full(self) -> bool:
        """Whether the mesh does it itself."""
        return self in (Answer.YES, Answer.WAYPOINT)


@frozen
class Support:
    """What a mesh offers for a need, in which version, and where that is written."""

    answer: Answer
    how: str
    source: str
    version: str


@frozen(eq=False)
class Need:
    """A feature that may be in use or asked for. Where a `hard` need gets a no, the mesh is out.

    `reason` tells that it is enough by itself to want a mesh; `tutorial` that the tutorial compares by it.
    """

    id: str
    title: str
    hard: bool
    tutorial: bool
    reason: bool
    support: Mapping[MeshChoice, Support]

    def excludes(self, mesh: MeshChoice) -> bool:
        """Whether who has this need cannot take `mesh`."""
        return self.hard and self.support[mesh].answer is Answer.NO


@cache
def load_needs() -> Mapping[str, Need]:
    """All needs by id, in the order in which they are shown."""
    return {one["id"]: _need(one) for one in read_data("needs")["needs"]}


def possible_meshes(needs: Iterable[Need]) -> frozenset[MeshChoice]:
    """The meshes that no hard need excludes."""
    needs = tuple(needs)
    return frozenset(mesh for mesh in MESHES if not any(need.excludes(mesh) for need in needs))


def _need(data: Mapping[str, Any]) -> Need:
    support = {
        MeshChoice(mesh): Support(**{**about, "answer": Answer(about["answer"])})
        for mesh, about in data["support"].items()
    }
    return Need(**{**data, "support": support})
