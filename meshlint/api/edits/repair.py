"""Which findings are mended, and how: by their fixes, or by comments that accept them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from meshlint.api.edits.attempts import Attempt
from meshlint.api.edits.editing import Edited
from meshlint.api.edits.mending import Mended, annotated, mended
from meshlint.api.judging.checking import check_project, plan_of
from meshlint.api.reading.project import Project, read_sources
from meshlint.api.requests.request import Asked
from meshlint.engine.finding import Finding
from meshlint.engine.outcome import Outcome
from meshlint.engine.usage import Mistake, UsageError
from meshlint.fixes import Change
from meshlint.sources import SourceSet
from meshlint.values import evolve


def repaired(
    asked: Asked, sources: SourceSet, told: Outcome, *, unsafe: bool = False, ignore: str | None = None
) -> Mended:
    """`sources` mended of the findings that `told` has, by the question `asked`.

    What a baseline holds back or a revision had already is left as it is: `told` speaks of what is new.
    """
    plan = plan_of(asked.options)
    policy = evolve(asked.options.policy, group_after=0)
    wanted = {(one.rule, str(one.object)) for one in told.findings}

    def look(now: SourceSet, earlier: Project | None) -> tuple[Project, tuple[Finding, ...]]:
        project = read_sources(now, asked.options.reading, earlier)
        return project, check_project(project, plan, policy).findings

    def fresh(findings: Sequence[Finding]) -> Iterator[Finding]:
        for one in findings:
            if (one.rule, str(one.object)) in wanted and (ignore or _may(one, unsafe=unsafe)):
                yield one

    if ignore is None:
        return mended(sources, look, fresh)
    return annotated(sources, look, fresh, lambda project, found: _comments(project, found, ignore))


def _may(finding: Finding, *, unsafe: bool) -> bool:
    return finding.fix is not None and (unsafe or finding.fix.safe)


def _comments(project: Project, findings: Iterable[Finding], reason: str) -> Iterator[Attempt]:
    """A comment above each line at which something is found, for all that is found there."""
    by_line: dict[tuple[str, int], list[Finding]] = {}
    for finding in findings:
        by_line.setdefault((finding.location.file, finding.location.span.line), []).append(finding)
    for (file, line), found in sorted(by_line.items()):
        text = project.texts.get(file)
        if text is None or line > len(text.lines) or file.endswith(".json"):
            continue
        lines = text.content.splitlines(keepends=True)
        at = sum(map(len, lines[: line - 1]))
        here = lines[line - 1]
        pad = here[: len(here) - len(here.lstrip(" "))]
        ending = "\r\n" if here.endswith("\r\n") else "\n"
        rules = ", ".join(sorted({one.rule for one in found}))
        comment = f"{pad}# meshlint: ignore[{rules}] {reason}{ending}"
        change = Change(file, at, at, comment)
        yield Attempt(tuple(found), f"accept {rules}", (change,))


def write_back(files: Iterable[Edited]) -> None:
    """Write edited files, each if it still holds what was read; raises `UsageError` for one that cannot.

    The bytes are written into the file that is there, so that its links, owner and mode stay.
    """
    for file in files:
        try:
            with file.location.open("r+b") as stream:
                if stream.read() != file.before:
                    raise UsageError(Mistake("has changed meanwhile, so it is left as it is", file=file.path))
                stream.seek(0)
                stream.write(file.after)
                stream.truncate()
        except OSError as error:
            raise UsageError(Mistake(f"cannot be written: {error.strerror}", file=file.path)) from error
