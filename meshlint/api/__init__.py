"""The one door for every front end: read an input set, and ask it.

`load` gives a project that answers questions, `check` its findings. Both raise `UsageError` where the request
makes no sense and `NothingFound` where no manifest is in what was named.

`project.access` decides on one request, exactly as the proxies of the mesh would (docs/access.md):

    from meshlint.api import AccessRequest, load

    project = load(["k8s/"])
    answer = project.access(AccessRequest("shop/cart", port=80, source="shop/web", method="GET", path="/"))
    print(answer.verdict, answer.transport, answer.reason)
    for decider in answer.deciding:
        print(decider.label, decider.place)
"""

from typing import TYPE_CHECKING, Any

from meshlint.api.checking import CheckOptions, check_project, check_texts, options_of
from meshlint.api.front import (
    NothingFound,
    access,
    advise,
    check,
    explain,
    graph,
    load,
    route,
    route_table,
    rules,
)
from meshlint.api.project import Project, ReadOptions, collect, read_sources, read_texts
from meshlint.api.request import Request
from meshlint.api.route_request import RouteRequest
from meshlint.engine.plan import Selection
from meshlint.engine.usage import UsageError

if TYPE_CHECKING:
    from meshlint.api.matrix import AccessQuestion
    from meshlint.security.access import AccessDecision, AccessRequest, Verdict

_OF_ACCESS = ("AccessDecision", "AccessRequest", "Verdict")

__all__ = [
    "AccessDecision",
    "AccessQuestion",
    "AccessRequest",
    "CheckOptions",
    "NothingFound",
    "Project",
    "ReadOptions",
    "Request",
    "RouteRequest",
    "Selection",
    "UsageError",
    "Verdict",
    "access",
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
    "route",
    "route_table",
    "rules",
]


def __getattr__(name: str) -> Any:
    """The types of `access`, which only those who ask for it have to load."""
    if name in _OF_ACCESS:
        from meshlint.security import access

        return getattr(access, name)
    if name == "AccessQuestion":
        from meshlint.api.matrix import AccessQuestion

        return AccessQuestion
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
