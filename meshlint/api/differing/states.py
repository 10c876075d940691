"""The two states that are compared: revisions of a repository, or files and directories beside each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from meshlint.api.comparing.new_findings import asked_at
from meshlint.api.reading.evidence import since
from meshlint.api.reading.project import Project, read_sources
from meshlint.api.requests.request import Asked, Request, understood
from meshlint.engine.usage import Mistake, UsageError
from meshlint.sources import SourceSet
from meshlint.sources.revision import Revision, RevisionError, checked_out
from meshlint.values import evolve, frozen

STDIN = "-"
WORK_TREE = "the working tree"


@frozen(repr=False)
class Compared:
    """What is compared: `base` with `head`, the working tree if None; of revisions, `paths` are read.

    Both are files or directories if the first is one and the second is given, else revisions.
    """

    base: str
    head: str | None = None
    paths: tuple[str, ...] = (".",)

    def are_files(self, directory: Path) -> bool:
        """Whether both sides name files rather than revisions."""
        return self.head is not None and all(
            one == STDIN or (directory / one).exists() for one in (self.base, self.head)
        )


@frozen(repr=False)
class Side:
    """One side as it is to be read: its name, and the question that reads it."""

    name: str
    asked: Asked


@contextmanager
def sides_of(compared: Compared, request: Request) -> Iterator[tuple[Side, Side]]:
    """Both sides, for as long as the context lasts; raises `UsageError` where there are none such."""
    if compared.are_files(request.directory):
        yield _at(compared.base, request), _at(str(compared.head), request)
        return
    asked = understood(request, compared.paths)
    with ExitStack() as stack:
        base = _revision(stack, request.directory, compared.base)
        old = Side(compared.base, asked_at(asked, base))
        if compared.head is None:
            yield old, Side(WORK_TREE, asked)
        else:
            head = _revision(stack, request.directory, compared.head)
            yield old, Side(compared.head, asked_at(asked, head))


def _at(path: str, request: Request) -> Side:
    """A file or a directory; places in a directory count from there, so that the same file is the same."""
    if path == STDIN or not (request.directory / path).is_dir():
        return Side(path, understood(request, (path,)))
    inside = (request.directory / path).resolve()
    found = understood(evolve(request, directory=inside), (".",))
    return Side(path, found)


def _revision(stack: ExitStack, directory: Path, name: str) -> Revision:
    try:
        return stack.enter_context(checked_out(directory, name))
    except RevisionError as error:
        hint = "Name revisions of a git repository, or two files or directories."
        raise UsageError(Mistake(str(error), hint)) from error


def both_read(sources: Sequence[SourceSet], sides: Sequence[Side]) -> list[Project]:
    """The projects of both sides, the second with the objects of the first where its files are the same.

    Raises `UsageError` where there is nothing on either side.
    """
    if not any(one.files for one in sources):
        raise UsageError(Mistake("no file with manifests was found on either side"))
    first = read_sources(sources[0], sides[0].asked.options.reading)
    second = read_sources(sources[1], sides[1].asked.options.reading, first)
    return [first, since(second, first)]
