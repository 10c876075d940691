"""Which findings has the user accepted, and which of these notes are no longer true?"""

from meshlint.engine.suppression.apply import Verdict, apply
from meshlint.engine.suppression.gather import gather
from meshlint.engine.suppression.model import Suppression

__all__ = ["Suppression", "Verdict", "apply", "gather"]
