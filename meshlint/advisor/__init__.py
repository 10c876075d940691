"""Which mesh fits a workload, and what would it cost?

The advisor counts (`profile`), multiplies by figures that others measured (`costs`), holds the needs against
what each mesh offers (`needs`), weighs (`decision`), and says what would change the answer (`flips`).
"""

from meshlint.advisor.advice import Advice, NeedRow, advise
from meshlint.advisor.given import Given
from meshlint.advisor.meshes import MESHES, MeshChoice
from meshlint.advisor.needs import load_needs
from meshlint.advisor.weights import Weights, load_weights, with_overrides

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
