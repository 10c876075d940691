"""The one door for every front end: read an input set, and ask it."""

from meshlint.api.checking import CheckOptions, check_project, check_texts, options_of
from meshlint.api.project import Project, ReadOptions, collect, read_sources, read_texts
from meshlint.engine.plan import Selection

__all__ = [
    "CheckOptions",
    "Project",
    "ReadOptions",
    "Selection",
    "check_project",
    "check_texts",
    "collect",
    "options_of",
    "read_sources",
    "read_texts",
]
