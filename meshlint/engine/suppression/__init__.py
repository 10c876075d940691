"""Which findings has the user accepted, and which of these notes are no longer true?"""

from meshlint.engine.suppression.acceptance import Acceptance, State, Way, merged
from meshlint.engine.suppression.apply import Verdict, apply
from meshlint.engine.suppression.gather import gather
from meshlint.engine.suppression.model import Suppression

__all__ = ["Acceptance", "State", "Suppression", "Verdict", "Way", "apply", "gather", "merged"]
