"""The questions that front ends ask."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, BinaryIO

from meshlint.api.comparing.baselines import baseline_of
from meshlint.api.comparing.changes import absent, caused_by
from meshlint.api.inputs.gathering import (
    Gathered,
    Progress,
    gather,
    gathered,
    read_gathered,
    refuse,
    tell,
    without_excluded,
)
from meshlint.api.judging.checking import check_project, plan_of
from meshlint.api.reading.project import Project, collect, read_sources
from meshlint.api.requests.request import Asked, Request, understood
from meshlint.engine.outcome import Outcome
from meshlint.engine.usage import Mistake, UsageError
from meshlint.sources import SourceSet
from meshlint.values import evolve

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from meshlint.advisor import Advice, Given
    from meshlint.api.answers.routing.request import RouteRequest
    from meshlint.api.comparing.baselines import Rewritten
    from meshlint.api.differing.states import Compared
    from meshlint.api.edits.editing import Edited
    from meshlint.api.edits.mending import Mended
    from meshlint.api.first_run import Proposal
    from meshlint.api.overviews.matrix import AccessQuestion
    from meshlint.engine.suppression import Acceptance
    from meshlint.reports.access.answer import AccessAnswer
    from meshlint.reports.differences.answer import Difference
    from meshlint.reports.graph.picture import Drawable
    from meshlint.reports.route.answer import RouteAnswer, RouteTableAnswer
    from meshlint.reports.shared.drawing import Drawing
    from meshlint.reports.status.answer import StatusAnswer


def load(paths: Sequence[str], request: Request | None = None, stdin: BinaryIO | None = None) -> Project:
    """The project in files, directories and globs; raises `UsageError` and `NothingFound`."""
    return read_gathered(gathered(understood(request or Request(), paths), stdin))


def check(
    paths: Sequence[str],
    request: Request | None = None,
    stdin: BinaryIO | None = None,
    progress: Progress | None = None,
    here: Gathered | None = None,
    seen: Callable[[Project], None] | None = None,
) -> Outcome:
    """What is wrong in files, directories and globs; raises `UsageError` and `NothingFound`.

    `progress` is called with the name of a phase, how much of it is done and how much there is to do. `here`
    is what `gather` has made of the other arguments already. `seen` is shown the project.
    """
    here = here or gather(paths, request, stdin, progress)
    asked = here.asked
    plan = plan_of(asked.options)
    baseline = baseline_of(asked)
    project, before = _since(asked, read_gathered(here, progress))
    if seen is not None:
        seen(project)
    tell(progress, "checking", 0, 1)
    compares = baseline is not None or asked.request.since is not None
    policy = evolve(asked.options.policy, group_after=0) if compares else asked.options.policy
    outcome = check_project(project, plan, policy)
    if asked.request.changed:
        gone, known = absent(asked.request), None
        if gone:
            from meshlint.api.comparing.new_findings import Run, committed

            known = committed(Run(asked, plan, project, outcome), gone, _read_before)
        outcome = caused_by(
            asked.request, outcome, project, lambda rest: check_project(rest, plan, policy), known
        )
    if compares:
        from meshlint.api.comparing.new_findings import Run, compared

        outcome = compared(Run(asked, plan, project, outcome), baseline, before)
    tell(progress, "checking", 1, 1)
    return _with_notes(outcome, asked)


def diff(compared: Compared, request: Request | None = None, stdin: BinaryIO | None = None) -> Difference:
    """What a change does to findings, calls and routes; raises `UsageError`."""
    from meshlint.api.differing.difference import State, difference
    from meshlint.api.differing.states import both_read, sides_of

    with sides_of(compared, request or Request()) as sides:
        projects = both_read([_sources_of(side.asked, stdin) for side in sides], sides)
        plan = plan_of(sides[1].asked.options)
        policy = evolve(sides[1].asked.options.policy, group_after=0)
        states = [
            State(side.name, project, check_project(project, plan, policy).findings)
            for side, project in zip(sides, projects, strict=True)
        ]
    return difference(*states)


def baseline(
    paths: Sequence[str],
    request: Request | None = None,
    stdin: BinaryIO | None = None,
    *,
    prune: bool = False,
) -> Rewritten:
    """Write what is found into the baseline, or with `prune` take out of it what is no longer there.

    Raises like `check`.
    """
    from meshlint.api.comparing.baselines import rewritten

    asked = understood(request or Request(), paths)
    plan = plan_of(asked.options)
    project = read_gathered(gathered(asked, stdin))
    findings = check_project(project, plan, evolve(asked.options.policy, group_after=0)).findings
    return rewritten(asked, findings, plan, project.resources, prune=prune)


def accept(paths: Sequence[str], request: Request, why: Mapping[str, str], until: date | None) -> Rewritten:
    """Write into the baseline why findings in it are accepted and until when; raises `UsageError`."""
    from meshlint.api.comparing.baselines import accepted

    return accepted(understood(request, paths), why, until)


def accepted(
    paths: Sequence[str], request: Request | None = None, stdin: BinaryIO | None = None
) -> tuple[Acceptance, ...]:
    """What is accepted in comments, annotations, the configuration and the baseline; raises like `check`."""
    from meshlint.api.comparing.baselines import acceptances_of
    from meshlint.engine.suppression import merged

    outcome = check(paths, request, stdin)
    return merged((*outcome.accepted, *acceptances_of(outcome.baseline)))


def fix(
    paths: Sequence[str], request: Request | None = None, *, unsafe: bool = False, ignore: str | None = None
) -> Mended:
    """What `check` finds, mended as far as there are fixes that do what they claim; nothing is written.

    Without `unsafe` only fixes count that decide nothing. With `ignore`, a reason, comments are added instead
    that accept the findings. Raises like `check`.
    """
    from meshlint.api.edits.repair import repaired

    asked = understood(request or Request(), paths)
    if "-" in asked.paths:
        raise UsageError(Mistake("standard input cannot be mended: name files or directories"))
    sources = without_excluded(collect(asked.paths, asked.sources), asked)
    refuse(sources.missing, sources.problems)
    told = check(paths, evolve(asked.request, grouped=False))
    return repaired(asked, sources, told, unsafe=unsafe, ignore=ignore)


def write_back(files: Iterable[Edited]) -> None:
    """Write the files of `fix`, each if it still holds what was read; raises `UsageError` where it cannot."""
    from meshlint.api.edits.repair import write_back as write

    write(files)


def drawing(project: Project) -> Drawing:
    """The workloads and gateways of a project and the requests between them, for a picture."""
    from meshlint.api.overviews.drawing import drawing as drawn

    return drawn(project)


def graph(paths: Sequence[str], request: Request | None = None, stdin: BinaryIO | None = None) -> Drawable:
    """How everything in files, directories and globs hangs together; raises like `check`."""
    from meshlint.api.overviews.picture import picture

    return picture(load(paths, request, stdin))


def route(
    paths: Sequence[str],
    request: Request | None,
    asked: RouteRequest,
    stdin: BinaryIO | None = None,
) -> RouteAnswer:
    """Where a request goes, by the files, directories and globs; raises like `check`."""
    return load(paths, request, stdin).route(asked)


def access(
    paths: Sequence[str],
    request: Request | None,
    question: AccessQuestion,
    stdin: BinaryIO | None = None,
) -> AccessAnswer:
    """Who may call whom, by the files, directories and globs; raises like `check`."""
    from meshlint.api.overviews.matrix import answered

    return answered(load(paths, request, stdin), question)


def route_table(
    paths: Sequence[str],
    request: Request | None,
    asked: RouteRequest,
    stdin: BinaryIO | None = None,
) -> RouteTableAnswer:
    """All rules for the host of a request, in the order in which they are tried; raises like `check`."""
    return load(paths, request, stdin).route_table(asked)


def status(
    paths: Sequence[str], request: Request | None = None, stdin: BinaryIO | None = None
) -> StatusAnswer:
    """What controllers write into the status of Gateway API objects; raises like `check`."""
    return load(paths, request, stdin).status()


def advise(
    paths: Sequence[str],
    request: Request | None = None,
    given: Given | None = None,
    weights: Path | None = None,
    stdin: BinaryIO | None = None,
) -> Advice:
    """Which mesh fits the workloads in files, directories and globs, and what it would cost.

    `given` and the file `weights` go before the sections `traffic` and `advise` of a configuration. Raises
    `UsageError` for needs, workloads and weights that do not exist, and `NothingFound`.
    """
    from meshlint.api.overviews.advising import advise_project, completed, weights_of

    asked = understood(request or Request(), paths)
    project = read_gathered(gathered(asked, stdin))
    return advise_project(project, completed(given, asked.config), weights_of(asked.config, weights))


def first_run(root: Path) -> tuple[Proposal, ...]:
    """What a repository needs for its first run; raises like `check`. Nothing is written."""
    from meshlint.api.first_run import proposals, seen_in

    return proposals(seen_in(load(["."], Request(no_config=True, directory=root))), root)


def _since(asked: Asked, project: Project) -> tuple[Project, Project | None]:
    """The project as it is judged beside the revision that is asked for, and that revision, if any is."""
    if asked.request.since is None:
        return project, None
    from meshlint.api.comparing.new_findings import at_revision
    from meshlint.api.reading.evidence import since

    before = at_revision(asked, asked.request.since, project, _read_before)
    return (project if before is None else since(project, before)), before


def _read_before(asked: Asked, now: Project) -> Project | None:
    """The project as it was in another revision, in which much of what is named may not have been there.

    What is the same there is not read again.
    """
    sources = _sources_of(asked)
    return read_sources(sources, asked.options.reading, now) if sources.files else None


def _sources_of(asked: Asked, stdin: BinaryIO | None = None) -> SourceSet:
    """The files that are there of those that are named."""
    sources = without_excluded(collect(asked.paths, asked.sources, stdin), asked)
    refuse((), sources.problems)
    return sources


def _with_notes(outcome: Outcome, asked: Asked) -> Outcome:
    if asked.config.source is None:
        return outcome
    note = f"Configuration: {asked.config.source.path}"
    source = asked.config.source
    return evolve(
        outcome,
        texts={source.path: source, **outcome.texts},
        summary=evolve(outcome.summary, notes=(*outcome.summary.notes, note)),
        fail_on=asked.config.fail_on,
    )
