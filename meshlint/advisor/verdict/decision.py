"""Which mesh, by how much, and how sure that is."""

from __future__ import annotations

from enum import Enum
from fractions import Fraction

from meshlint.advisor.meshes import MeshChoice
from meshlint.advisor.verdict.case import Case
from meshlint.advisor.verdict.standings import Standing, standings
from meshlint.values import frozen

_CLEAR_MARGIN = Fraction(1, 10)


class Confidence(Enum):
    """How sure the recommendation is."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Ground(Enum):
    """What kind of reasoning the recommendation rests on."""

    NOTHING_TO_MESH = "nothing to mesh"
    FEW_SERVICES = "few services and no need"
    NO_MESH_FITS = "no mesh meets every hard need"
    ONLY_ONE_FITS = "one mesh alone meets every hard need"
    BEST_SCORE = "the best score of those that are possible"


_WITHOUT_MESH = {Ground.NOTHING_TO_MESH: "nothing to judge", Ground.NO_MESH_FITS: "none fits"}


@frozen
class Decision:
    """The recommendation. `standings` are all meshes, the best first; `margin` is to the next possible one.

    The margin is None where there is no next one, the confidence where there is nothing to judge.
    """

    choice: MeshChoice
    ground: Ground
    confidence: Confidence | None
    why_confidence: str
    standings: tuple[Standing, ...]
    margin: Fraction | None

    @property
    def title(self) -> str:
        """What is recommended, as a heading says it."""
        return _WITHOUT_MESH.get(self.ground, self.choice.title)

    @property
    def next(self) -> Standing | None:
        """The possible mesh that comes next."""
        others = [one for one in self.standings if one.is_possible and one.mesh is not self.choice]
        return others[0] if others else None

    @property
    def chosen(self) -> Standing | None:
        """How the recommended mesh stands; None where none is recommended."""
        return next((one for one in self.standings if one.mesh is self.choice), None)


def decide(case: Case) -> Decision:
    """The recommendation for `case`, which nothing but the case decides."""
    ranked = standings(case)
    possible = [one for one in ranked if one.is_possible]
    if not case.size.pods and not case.has_reason:
        why = "there is nothing to judge: no workload is in the manifests, and no need for a mesh"
        return Decision(MeshChoice.NONE, Ground.NOTHING_TO_MESH, None, why, ranked, None)
    if not possible:
        why = "the hard needs exclude each other, whatever a mesh costs"
        return Decision(MeshChoice.NONE, Ground.NO_MESH_FITS, Confidence.HIGH, why, ranked, None)
    if not case.has_reason and case.size.services <= _few(case):
        return _not_yet(case, ranked)
    best = possible[0]
    if len(possible) == 1:
        why = "the needs rule out every other mesh, whatever it costs"
        return Decision(best.mesh, Ground.ONLY_ONE_FITS, Confidence.HIGH, why, ranked, None)
    margin = possible[1].score.typical - best.score.typical
    confidence, why = _confidence(case, best, possible[1], margin)
    return Decision(best.mesh, Ground.BEST_SCORE, confidence, why, ranked, margin)


def _few(case: Case) -> Fraction:
    return case.model.weights.assumed("hand-managed-services")


def _not_yet(case: Case, ranked: tuple[Standing, ...]) -> Decision:
    near = case.size.services * 4 > _few(case) * 3
    confidence = Confidence.MEDIUM if near else Confidence.HIGH
    why = "the services come near the number that calls for a mesh" if near else "nothing here needs a mesh"
    return Decision(MeshChoice.NONE, Ground.FEW_SERVICES, confidence, why, ranked, None)


def _confidence(case: Case, best: Standing, second: Standing, margin: Fraction) -> tuple[Confidence, str]:
    if not case.size.pods:
        return Confidence.LOW, "no workload is in the manifests, so the cost is unknown"
    if best.score.overlaps(second.score):
        return Confidence.LOW, f"its range of scores overlaps with that of {second.mesh.title}"
    if margin < _CLEAR_MARGIN:
        return Confidence.MEDIUM, f"the ranges do not overlap, but {second.mesh.title} comes near"
    return Confidence.HIGH, f"it leads {second.mesh.title} at either end of the ranges"
