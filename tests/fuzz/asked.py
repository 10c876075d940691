"""What can be asked of a set of files, asked of it; answers are only read to their ends.

All rules run for each set. The other questions and the forms of answers take turns, so that a set costs
little and many sets can be asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

from meshlint.api import (
    AccessQuestion,
    CheckOptions,
    NothingFound,
    Project,
    Request,
    RouteRequest,
    Selection,
    UsageError,
    check_project,
    load,
)
from meshlint.api.overviews.advising import advise_project
from meshlint.api.overviews.matrix import answered
from meshlint.api.overviews.picture import picture
from meshlint.engine import run
from meshlint.engine.catalogue import load_catalogue
from meshlint.engine.plan import make_plan
from meshlint.reports import FORMATS, ReportOptions, writer
from meshlint.reports.access.report import ACCESS_FORMATS, write_access
from meshlint.reports.advice.report import ADVICE_FORMATS, write_advice
from meshlint.reports.findings.summary import summary_lines
from meshlint.reports.graph.report import GRAPH_FORMATS, write_graph
from meshlint.reports.route.report import ROUTE_FORMATS, write_route
from meshlint.reports.status.report import STATUS_FORMATS, write_status

PLAN = make_plan(load_catalogue(), Selection(select=("ALL",)))
POLICY = CheckOptions().policy
TOLD = ReportOptions(color=True, verbose=True)
PATHS = ("/", "/api/v1?a=b", "*")
Ask = Callable[[Project, Random], None]


def ask(files: Mapping[str, str], place: Path, random: Random) -> None:
    """Write `files` below `place`, run all rules on them, and ask one more question."""
    for name, text in files.items():
        path = place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    complete = random.random() < 0.5
    asked = Request(no_config=True, directory=place, gitignore=False, assume="complete" if complete else None)
    try:
        project = load([str(place)], asked)
    except NothingFound:
        return
    with crashes_told():
        outcome = check_project(project, PLAN, POLICY)
    read(writer(_one_of(FORMATS, random))(outcome, TOLD))
    read(summary_lines(outcome, TOLD))
    random.choice(QUESTIONS)(project, random)


@contextmanager
def crashes_told() -> Iterator[None]:
    """A check that stops is an exception here, and no finding beside those of the others."""

    def stop(_: Any, rule: Any, error: Exception, *rest: Any) -> Iterable[Any]:
        raise AssertionError(f"the check of {rule} stopped") from error

    with patch.object(run, "_crash", stop):
        yield


def read(lines: Iterable[str]) -> None:
    """Take the lines of a report, which are made only then."""
    assert all(isinstance(line, str) for line in lines)


def _one_of(formats: Iterable[str], random: Random) -> str:
    return random.choice(tuple(formats))


def _ask_for_calls(project: Project, random: Random) -> None:
    with suppress(UsageError):
        answer = answered(project, AccessQuestion())
        read(write_access(answer, _one_of(ACCESS_FORMATS, random), TOLD, why=random.random() < 0.5))


def _ask_for_ways(project: Project, random: Random) -> None:
    """Ask where a few requests go, of clients and to hosts of the set."""
    clients, hosts = _clients(project), _hosts(project)
    for _ in range(2):
        asked = RouteRequest(
            client=random.choice(clients), host=random.choice(hosts), path=random.choice(PATHS)
        )
        for question in (project.route, project.route_table):
            with suppress(UsageError):
                read(write_route(question(asked), _one_of(ROUTE_FORMATS, random), TOLD))


def _clients(project: Project) -> Sequence[str]:
    workloads = [f"{one.namespace}/{one.name}" for one in project.mesh.workloads.all]
    groups = ("networking.istio.io", "gateway.networking.k8s.io")
    gateways = [one for group in groups for one in project.resources.of(group, "Gateway")]
    return [*workloads, *(f"gateway/{one.namespace}/{one.name}" for one in gateways), "web"]


def _hosts(project: Project) -> Sequence[str]:
    services = [f"{one.name}.{one.namespace}" for one in project.resources.of("", "Service")]
    routed = [str(host) for one in project.mesh.virtual_services for host in one.hosts]
    return [*services, *routed, "shop.example.com", "10.0.0.1"]


def _ask_for_the_picture(project: Project, random: Random) -> None:
    read(write_graph(picture(project), _one_of(GRAPH_FORMATS, random), TOLD))


def _ask_for_the_status(project: Project, random: Random) -> None:
    read(write_status(project.status(), _one_of(STATUS_FORMATS, random), TOLD))


def _ask_for_advice(project: Project, random: Random) -> None:
    with suppress(UsageError):
        advice = advise_project(project)
        read(write_advice(advice, _one_of(ADVICE_FORMATS, random), TOLD, explain=random.random() < 0.5))


QUESTIONS: tuple[Ask, ...] = (
    _ask_for_calls,
    _ask_for_calls,
    _ask_for_calls,
    _ask_for_ways,
    _ask_for_ways,
    _ask_for_ways,
    _ask_for_the_picture,
    _ask_for_the_picture,
    _ask_for_the_status,
    _ask_for_advice,
)
"""What takes turns; advice, which costs most and reads least of the objects, is asked for least."""
