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

`project.route` follows one request to the pods that it reaches, and `project.route_table` gives all rules for
a host (docs/route.md):

    answer = project.route(RouteRequest(client="shop/web", host="reviews", path="/api"))
    for one in answer.destinations:
        print(one.share, one.host, one.port, one.subset, one.status)

`project.status` tells what controllers write into the status of Gateway API objects (docs/status.md):

    for one in project.status().objects:
        for parent in one.parents:
            print(one.kind, one.name, parent.label, [each.reason for each in parent.conditions])
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from meshlint.api.answers.routing.request import RouteRequest
    from meshlint.api.differing.states import Compared
    from meshlint.api.front import (
        accept,
        accepted,
        access,
        advise,
        baseline,
        check,
        diff,
        drawing,
        first_run,
        fix,
        graph,
        load,
        route,
        route_table,
        status,
        write_back,
    )
    from meshlint.api.inputs.gathering import Gathered, NothingFound, gather
    from meshlint.api.judging.checking import CheckOptions, check_project, check_texts, options_of
    from meshlint.api.overviews.matrix import AccessQuestion
    from meshlint.api.reading.project import Project, ReadOptions, collect, read_sources, read_texts
    from meshlint.api.requests.request import Request
    from meshlint.api.requests.rulebook import custom_rules, explain, rules, try_rules
    from meshlint.engine.plan import Selection
    from meshlint.engine.usage import UsageError
    from meshlint.reports.differences.answer import Difference
    from meshlint.reports.route.answer import Outcome, RouteAnswer, RouteTableAnswer
    from meshlint.reports.status.answer import StatusAnswer
    from meshlint.security.access import AccessDecision, AccessRequest, Verdict

_LATER = {
    "AccessDecision": "meshlint.security.access",
    "AccessQuestion": "meshlint.api.overviews.matrix",
    "AccessRequest": "meshlint.security.access",
    "CheckOptions": "meshlint.api.judging.checking",
    "Compared": "meshlint.api.differing.states",
    "Difference": "meshlint.reports.differences.answer",
    "Gathered": "meshlint.api.inputs.gathering",
    "NothingFound": "meshlint.api.inputs.gathering",
    "Outcome": "meshlint.reports.route.answer",
    "Project": "meshlint.api.reading.project",
    "ReadOptions": "meshlint.api.reading.project",
    "Request": "meshlint.api.requests.request",
    "RouteAnswer": "meshlint.reports.route.answer",
    "RouteRequest": "meshlint.api.answers.routing.request",
    "RouteTableAnswer": "meshlint.reports.route.answer",
    "Selection": "meshlint.engine.plan",
    "StatusAnswer": "meshlint.reports.status.answer",
    "UsageError": "meshlint.engine.usage",
    "Verdict": "meshlint.security.access",
    "accept": "meshlint.api.front",
    "accepted": "meshlint.api.front",
    "access": "meshlint.api.front",
    "advise": "meshlint.api.front",
    "baseline": "meshlint.api.front",
    "check": "meshlint.api.front",
    "check_project": "meshlint.api.judging.checking",
    "check_texts": "meshlint.api.judging.checking",
    "collect": "meshlint.api.reading.project",
    "custom_rules": "meshlint.api.requests.rulebook",
    "diff": "meshlint.api.front",
    "drawing": "meshlint.api.front",
    "explain": "meshlint.api.requests.rulebook",
    "first_run": "meshlint.api.front",
    "fix": "meshlint.api.front",
    "gather": "meshlint.api.inputs.gathering",
    "graph": "meshlint.api.front",
    "load": "meshlint.api.front",
    "options_of": "meshlint.api.judging.checking",
    "read_sources": "meshlint.api.reading.project",
    "read_texts": "meshlint.api.reading.project",
    "route": "meshlint.api.front",
    "route_table": "meshlint.api.front",
    "rules": "meshlint.api.requests.rulebook",
    "status": "meshlint.api.front",
    "try_rules": "meshlint.api.requests.rulebook",
    "write_back": "meshlint.api.front",
}
"""Where the parts are: a front end loads those that it asks for, as a kept answer needs few of them."""

__all__ = [
    "AccessDecision",
    "AccessQuestion",
    "AccessRequest",
    "CheckOptions",
    "Compared",
    "Difference",
    "Gathered",
    "NothingFound",
    "Outcome",
    "Project",
    "ReadOptions",
    "Request",
    "RouteAnswer",
    "RouteRequest",
    "RouteTableAnswer",
    "Selection",
    "StatusAnswer",
    "UsageError",
    "Verdict",
    "accept",
    "accepted",
    "access",
    "advise",
    "baseline",
    "check",
    "check_project",
    "check_texts",
    "collect",
    "custom_rules",
    "diff",
    "drawing",
    "explain",
    "first_run",
    "fix",
    "gather",
    "graph",
    "load",
    "options_of",
    "read_sources",
    "read_texts",
    "route",
    "route_table",
    "rules",
    "status",
    "try_rules",
    "write_back",
]


def __getattr__(name: str) -> Any:
    """A part, loaded now."""
    if name in _LATER:
        from importlib import import_module

        return getattr(import_module(_LATER[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
