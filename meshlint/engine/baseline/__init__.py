"""Which findings were there before, frozen or in another revision, and which are new?"""

from meshlint.engine.baseline.file import BASELINE_NAME, baseline_text, read_baseline
from meshlint.engine.baseline.hold import Held, hold
from meshlint.engine.baseline.model import Baseline, Entry, entries_of

__all__ = [
    "BASELINE_NAME",
    "Baseline",
    "Entry",
    "Held",
    "baseline_text",
    "entries_of",
    "hold",
    "read_baseline",
]
