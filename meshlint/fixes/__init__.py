"""Which characters mend a finding? Exact edits of a text that leave every other character as it is."""

from meshlint.fixes.changes import Change, applied, changes_of, fit_together

__all__ = ["Change", "applied", "changes_of", "fit_together"]
