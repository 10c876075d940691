"""Everything that can be asked of a set of files, asked of it; answers are only read to their ends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from random import Random

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
from meshlint.api.advising import advise_project
from meshlint.api.matrix import answered
from meshlint.api.picture import picture
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


def ask_everything(files: Mapping[str, str], place: Path, random: Random) -> None:
    """Write `files` below `place`, and ask of them whatever a user can ask."""
    for name, text in files.items():
        path = place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    complete = random.random() < 0.5
    request = Request(
        no_config=True, directory=place, gitignore=False, assume="complete" if complete else None
    )
    try:
        project = load([str(place)], request)
    except NothingFound:
        return
    outcome = check_project(project, PLAN, POLICY)
    read(line for name in FORMATS for line in writer(name)(outcome, TOLD))
    read(summary_lines(outcome, TOLD))
    ask_for_calls(project)
    ask_for_ways(project, random)
    drawn, status = picture(project), project.status()
    read(line for name in GRAPH_FORMATS for line in write_graph(drawn, name, TOLD))
    read(line for name in STATUS_FORMATS for line in write_status(status, name, TOLD))
    with suppress(UsageError):
        advice = advise_project(project)
        read(line for name in ADVICE_FORMATS for line in write_advice(advice, name, TOLD, explain=True))


def read(lines: Iterator[str]) -> None:
    """Take the lines of a report, which are made only then."""
    assert all(isinstance(line, str) for line in lines)


def ask_for_calls(project: Project) -> None:
    with suppress(UsageError):
        answer = answered(project, AccessQuestion())
        read(line for name in ACCESS_FORMATS for line in write_access(answer, name, TOLD, why=True))


def ask_for_ways(project: Project, random: Random) -> None:
    """Ask where a few requests go, of clients and to hosts of the set."""
    workloads = [f"{one.namespace}/{one.name}" for one in project.mesh.workloads.all]
    gateways = [f"gateway/{one.namespace}/{one.name}" for one in project.resources.of("", "Gateway")]
    clients = [*workloads, *gateways, "web"]
    services = [f"{one.name}.{one.namespace}" for one in project.resources.of("", "Service")]
    hosts = [*services, "shop.example.com", "10.0.0.1"]
    for _ in range(3):
        asked = RouteRequest(
            client=random.choice(clients), host=random.choice(hosts), path=random.choice(PATHS)
        )
        for question in (project.route, project.route_table):
            with suppress(UsageError):
                answer = question(asked)
                read(line for name in ROUTE_FORMATS for line in write_route(answer, name, TOLD))
