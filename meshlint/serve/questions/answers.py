"""From a project and a question to the bytes of the answer."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from attrs import asdict

from meshlint.api.judging.checking import CheckOptions, check_project, options_of, plan_of
from meshlint.api.reading.project import Project, ReadOptions
from meshlint.api.requests.surroundings import checked_namespace, checked_versions
from meshlint.documents import Problem, ProblemKind
from meshlint.engine.config import Config
from meshlint.engine.plan import Selection
from meshlint.engine.rule import Profile
from meshlint.engine.usage import UsageError
from meshlint.reports import PICTURED, ReportOptions, writer
from meshlint.values import evolve, field, frozen

_AROUND = 2
_VERSIONS = ("istio", "linkerd", "gateway_api")


@frozen
class Question:
    """A verb with its parameters and the format of the answer."""

    verb: str
    parameters: Mapping[str, Any] = field(factory=dict)
    format: str = "json"


def reading_of(config: Config, parameters: Mapping[str, Any]) -> ReadOptions:
    """How the set is read: as its configuration says, and as the question says instead."""
    reading = options_of(config).reading
    given = {name: parameters.get(f"{name.replace('_', '-')}-version") for name in _VERSIONS}
    versions = checked_versions({name: value for name, value in given.items() if value is not None})
    assume = parameters.get("assume")
    return evolve(
        reading,
        complete=reading.complete if assume is None else assume == "complete",
        versions={**reading.versions, **versions},
        namespace=checked_namespace(parameters.get("namespace")),
        deployment=parameters.get("deployment"),
    )


def answer(project: Project, config: Config, question: Question) -> str:
    """The answer as text; raises `UsageError` where the question makes no sense."""
    return "\n".join(_TELLERS[question.verb](project, config, question)) + "\n"


def checking_options(config: Config, parameters: Mapping[str, Any]) -> CheckOptions:
    """Which rules run, and which findings are told."""
    options = options_of(config)
    selection = _selection(options.selection, parameters)
    policy = evolve(options.policy, honour_ignores=not parameters.get("no-ignores", False))
    return evolve(options, selection=selection, policy=policy)


def _selection(configured: Selection, parameters: Mapping[str, Any]) -> Selection:
    profile = parameters.get("profile")
    return evolve(
        configured,
        select=parameters.get("select") or configured.select,
        extend_select=(*configured.extend_select, *parameters.get("extend-select", ())),
        ignore=(*configured.ignore, *parameters.get("ignore", ())),
        profile=Profile(profile) if profile else configured.profile,
    )


def _check(project: Project, config: Config, question: Question) -> Iterator[str]:
    from meshlint.api.overviews.drawing import drawing

    options = checking_options(config, question.parameters)
    outcome = check_project(project, plan_of(options), options.policy)
    drawn = drawing(project) if question.format in PICTURED else None
    return writer(question.format)(outcome, ReportOptions(drawing=drawn))


def _access(project: Project, _: Config, question: Question) -> Iterator[str]:
    from meshlint.api.overviews.matrix import answered
    from meshlint.reports.access.report import write_access
    from meshlint.serve.questions.requests import access_question

    found = answered(project, access_question(question.parameters))
    why = bool(question.parameters.get("why"))
    return write_access(found, question.format, ReportOptions(), why=why)


def _route(project: Project, _: Config, question: Question) -> Iterator[str]:
    from meshlint.reports.route.report import write_route
    from meshlint.serve.questions.requests import route_request

    asked = route_request(question.parameters)
    found = project.route_table(asked) if question.parameters.get("all") else project.route(asked)
    return write_route(found, question.format, ReportOptions())


def _graph(project: Project, _: Config, question: Question) -> Iterator[str]:
    from meshlint.api.overviews.picture import picture
    from meshlint.reports.graph.report import write_graph

    return write_graph(picture(project), question.format, ReportOptions())


def _lines_at(project: Project, _: Config, question: Question) -> Iterator[str]:
    from meshlint.api.overviews.lines import excerpts_at

    told = question.parameters
    found = excerpts_at(project, told["place"], told.get("around", _AROUND))
    parts = {"version": "1", "excerpts": [asdict(one) for one in found]}
    yield json.dumps(parts, indent=2, ensure_ascii=False)


def _advise(project: Project, config: Config, question: Question) -> Iterator[str]:
    from meshlint.advisor import Given
    from meshlint.api.overviews.advising import advise_project, completed, weights_of
    from meshlint.reports.advice.report import write_advice

    told = question.parameters
    given = Given(
        rps=told.get("rps"),
        rps_for=told.get("rps-for", {}),
        nodes=told.get("nodes"),
        cpu_price=told.get("cpu-price"),
        memory_price=told.get("memory-price"),
        needs=told.get("need", ()),
        without=told.get("without", ()),
    )
    advice = advise_project(project, completed(given, config), weights_of(config))
    return write_advice(advice, question.format, ReportOptions(), explain=bool(told.get("explain")))


_TELLERS: dict[str, Callable[[Project, Config, Question], Iterator[str]]] = {
    "check": _check,
    "access": _access,
    "route": _route,
    "graph": _graph,
    "lines": _lines_at,
    "advise": _advise,
}


def is_empty(project: Project) -> bool:
    """Whether there is no manifest in the set."""
    return not project.resources.resources and not project.problems


def unread(project: Project) -> Problem | None:
    """What keeps the set from being known: a file that is too large, or where nothing is left, a broken one.

    A check tells of it; an answer to any other question would speak of a mesh that is not the caller's.
    """
    large = (one for one in project.problems if one.kind is ProblemKind.TOO_LARGE)
    broken = None if project.resources.resources else next(iter(project.problems), None)
    return next(large, broken)


def mistakes_of(error: UsageError) -> str:
    """What is wrong with a question, in one line."""
    return "; ".join(_lines(error))


def _lines(error: UsageError) -> Iterable[str]:
    return (str(one) for one in error.mistakes)
