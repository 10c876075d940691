"""From what a front end asks for to the files of it, and from these to a project."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, BinaryIO

from meshlint.api.reading.collecting import collect
from meshlint.api.requests.request import Asked, Request, understood
from meshlint.engine.usage import Mistake, UsageError
from meshlint.sources import MissingPath, PassedOver, Reason, SourceSet
from meshlint.values import evolve, frozen

if TYPE_CHECKING:
    from meshlint.api.reading.project import Project
    from meshlint.engine.outcome import NotAnalysed

Progress = Callable[[str, int, int], None]
_FEW = 3


class NothingFound(Exception):
    """There is no manifest in what was named; `groups` are the files that were passed over."""

    def __init__(self, message: str, groups: Sequence[NotAnalysed] = ()) -> None:
        super().__init__(message)
        self.groups = tuple(groups)

    @property
    def hint(self) -> str | None:
        """What can be done, unless the groups say so themselves."""
        if any(group.hint for group in self.groups):
            return None
        return "Name files or directories that hold Kubernetes manifests."


@frozen(repr=False)
class Gathered:
    """What is asked, and the files that it is asked of, none of which is understood yet."""

    asked: Asked
    sources: SourceSet


def gather(
    paths: Sequence[str],
    request: Request | None = None,
    stdin: BinaryIO | None = None,
    progress: Progress | None = None,
) -> Gathered:
    """What a check is asked about files, directories and globs, and the files; raises `UsageError`."""
    asked = understood(request or Request(), paths)
    tell(progress, "collecting", 0, 1)
    try:
        return gathered(asked, stdin)
    except UsageError:
        from meshlint.api.judging.checking import plan_of

        plan_of(asked.options)  # what is wrong with the rules is told before what is wrong with the paths
        raise


def gathered(asked: Asked, stdin: BinaryIO | None = None) -> Gathered:
    """The files of a question; raises `UsageError` for paths that lead to nothing."""
    sources = without_excluded(collect(asked.paths, asked.sources, stdin), asked)
    refuse(sources.missing, sources.problems)
    return Gathered(asked, sources)


def read_gathered(here: Gathered, progress: Progress | None = None) -> Project:
    """The project in the files; raises `NothingFound`."""
    from meshlint.api.reading.project import read_sources

    asked, sources = here.asked, here.sources
    tell(progress, "reading", 0, len(sources.files))
    project = read_sources(sources, asked.options.reading)
    if not project.resources.resources and not project.problems:
        message = f"no Kubernetes manifest was found in {_named(asked.paths)}"
        raise NothingFound(message, project.summary.not_analysed)
    return project


def _named(paths: Sequence[str]) -> str:
    """The paths as a sentence names them: the first few, for a shell may have made thousands of a glob."""
    words = ["standard input" if path == "-" else f'"{path}"' for path in paths[:_FEW]]
    return ", ".join(words) + (" and more" if len(paths) > _FEW else "")


def refuse(missing: Sequence[MissingPath], problems: Sequence[str]) -> None:
    """Raise `UsageError` for what could not be read as it was asked for."""
    mistakes = [
        Mistake(f'"{one.path}" does not exist', f'Did you mean "{one.suggestion}"?' if one.suggestion else "")
        for one in missing
    ]
    mistakes += [Mistake(problem) for problem in problems]
    if mistakes:
        raise UsageError(*mistakes)


def without_excluded(sources: SourceSet, asked: Asked) -> SourceSet:
    """The sources less the configuration and what it excludes, by patterns that count from its directory."""
    own = asked.config.source
    if own is not None:
        sources = evolve(sources, files=tuple(file for file in sources.files if file.path != own.path))
    directory = asked.config.directory
    if not asked.config.exclude or directory is None:
        return sources
    from meshlint.sources.gitignore import patterns

    excluded = patterns(list(asked.config.exclude))
    base = directory.resolve()

    def is_out(location: object) -> bool:
        path = str(location).removeprefix(f"{base}/")
        return bool(excluded.check_file(path).include)

    out = [file for file in sources.files if file.location is not None and is_out(file.location.resolve())]
    names = {file.path for file in out}
    return evolve(
        sources,
        files=tuple(file for file in sources.files if file.path not in names),
        passed_over=(*sources.passed_over, *(PassedOver(file.path, Reason.EXCLUDED) for file in out)),
    )


def tell(progress: Progress | None, phase: str, done: int, total: int) -> None:
    """Tell of a step of a long run, if anybody wants to know."""
    if progress is not None:
        progress(phase, done, total)
