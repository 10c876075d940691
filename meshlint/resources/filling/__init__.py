"""What may come to stand where the files leave something to be filled in?"""

from meshlint.resources.filling.choices import Target, as_given, first_choice, in_use, other_choice, wanted
from meshlint.resources.filling.gap import Gap, fill, gaps

__all__ = ["Gap", "Target", "as_given", "fill", "first_choice", "gaps", "in_use", "other_choice", "wanted"]
