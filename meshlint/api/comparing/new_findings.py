"""What of the findings is new: beside a baseline, and since a revision."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from meshlint.api.comparing.baselines import judging
from meshlint.api.judging.checking import check_project
from meshlint.engine.baseline import Baseline, Held, hold
from meshlint.engine.baseline.model import entry_of
from meshlint.engine.finding import Finding
from meshlint.engine.grouping import grouped
from meshlint.engine.outcome import Before, Outcome
from meshlint.engine.plan import Plan
from meshlint.engine.usage import Mistake, UsageError
from meshlint.values import evolve, frozen

if TYPE_CHECKING:
    from meshlint.api.reading.project import Project
    from meshlint.api.requests.request import Asked
    from meshlint.sources.revision import Revision

Read = Callable[["Asked", "Project"], "Project | None"]
"""Reads a project as it was asked for, with the objects of another one where its files are the same; None
where nothing is there to be read.
"""


@frozen(eq=False, repr=False)
class Run:
    """A run whose findings are not grouped yet."""

    asked: Asked
    plan: Plan
    project: Project
    outcome: Outcome


def compared(run: Run, baseline: Baseline | None, before: Project | None) -> Outcome:
    """The outcome of `run` with only what is new; what was there before stands beside it.

    `before` is the set in the revision since which findings are new; None where nothing was there then.
    """
    asked, outcome = run.asked, run.outcome
    if asked.request.since is not None:
        outcome = _since(run, asked.request.since, before)
    if baseline is not None:
        judged = judging(asked, run.plan, run.project.resources, baseline)
        # what the revision knows already is not new, and yet it is still there
        known = outcome.since.held if outcome.since is not None else ()
        held = hold((*outcome.findings, *known), baseline, asked.options.policy.today, judged)
        old = {id(one) for one in known}
        new = tuple(one for one in held.new if id(one) not in old)
        outcome = evolve(outcome, findings=new, baseline=_before(baseline.file, held))
    return evolve(outcome, findings=grouped(outcome.findings, asked.options.policy.group_after))


def at_revision(asked: Asked, revision: str, now: Project, read: Read) -> Project | None:
    """The set as it was in a revision; raises `UsageError` where there is none such."""
    from meshlint.sources.revision import RevisionError, checked_out

    try:
        with checked_out(asked.request.directory, revision) as found:
            return read(asked_at(asked, found), now)
    except RevisionError as error:
        raise UsageError(Mistake(f"--since: {error}")) from error


def _since(run: Run, revision: str, before: Project | None) -> Outcome:
    """With what is new since `revision`: both sides are read whole, so what a deletion breaks is new too."""
    entries = tuple(evolve(entry_of(one), place=one.location) for one in _findings_in(before, run))
    held = hold(run.outcome.findings, Baseline(entries), date.min)
    return evolve(run.outcome, findings=held.new, since=_before(revision, held))


def _findings_in(project: Project | None, run: Run) -> tuple[Finding, ...]:
    if project is None:
        return ()
    policy = evolve(run.asked.options.policy, group_after=0)
    return check_project(project, run.plan, policy).findings


def committed(run: Run, gone: Iterable[str], read: Read) -> tuple[Finding, ...]:
    """What was found in the files as they were last committed, those of `gone` among them.

    Raises `UsageError` for a path that was not there either.
    """
    from meshlint.sources.revision import RevisionError, checked_out

    directory = run.asked.request.directory
    try:
        with checked_out(directory, "HEAD") as found:
            never = [path for path in gone if not _was_there(found, directory / path)]
            if never:
                raise UsageError(
                    *(Mistake(f'"{path}" does not exist, and was not committed') for path in never)
                )
            return _findings_in(read(asked_at(run.asked, found), run.project), run)
    except RevisionError as error:
        raise UsageError(*(Mistake(f'"{path}" does not exist') for path in gone)) from error


def _was_there(revision: Revision, path: Path) -> bool:
    twin = revision.twin(path)
    return twin is not None and twin.exists()


def asked_at(asked: Asked, revision: Revision) -> Asked:
    """The same question of the revision: the configuration is the present one, only the manifests differ."""
    directory = revision.twin(asked.request.directory)
    if directory is None or "-" in asked.paths:
        raise UsageError(
            Mistake("a revision holds files of a git repository, and nothing else can be read of it")
        )
    configured = asked.config.directory
    return evolve(
        asked,
        config=evolve(
            asked.config, directory=(revision.twin(configured) or configured) if configured else None
        ),
        sources=evolve(asked.sources, directory=directory),
        paths=tuple(_path_of(path, asked, revision) for path in asked.paths),
    )


def _path_of(path: str, asked: Asked, revision: Revision) -> str:
    """A path that counts from the directory stays; another one leads to its twin."""
    if not Path(path).is_absolute():
        return path
    return str(revision.twin(asked.request.directory / path) or path)


def _before(name: str, held: Held) -> Before:
    return Before(name, held.held, held.gone, held.expired, held.worse, held.by, held.unseen)
