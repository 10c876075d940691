"""The one door for every front end: read an input set, and ask it.

`load` gives a project that answers questions, `check` its findings. Both raise `UsageError` where the request
makes no sense and `NothingFound` where no manifest is in what was named.
"""

from meshlint.api.checking import CheckOptions, check_project, check_texts, options_of
from meshlint.api.front import NothingFound, advise, check, explain, graph, load, rules
from meshlint.api.project import Project, ReadOptions, collect, read_sources, read_texts
from meshlint.api.request import Request
from meshlint.engine.plan import Selection
from meshlint.engine.usage import UsageError

__all__ = [
    "CheckOptions",
    "NothingFound",
    "Project",
    "ReadOptions",
    "Request",
    "Selection",
    "UsageError",
    "advise",
    "check",
    "check_project",
    "check_texts",
    "collect",
    "explain",
    "graph",
    "load",
    "options_of",
    "read_sources",
    "read_texts",
    "rules",
]
