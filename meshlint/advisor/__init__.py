"""Which mesh fits a workload, and what would it cost?

The advisor counts (`evidence`), multiplies by figures that others measured (`cost`), holds the needs against
what each mesh offers (`needs`), weighs, and says what would change the answer (`verdict`).
"""

from meshlint.advisor.advice import Advice, NeedRow, advise
from meshlint.advisor.cost.weights import Weights, load_weights, with_overrides
from meshlint.advisor.given import Given
from meshlint.advisor.meshes import MESHES, MeshChoice
from meshlint.advisor.needs import load_needs

__all__ = [
    "MESHES",
    "Advice",
    "Given",
    "MeshChoice",
    "NeedRow",
    "Weights",
    "advise",
    "load_needs",
    "load_weights",
    "with_overrides",
]
