"""Safe fixes on real repositories: each does what it claims, nothing else changes, and once is enough."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from meshlint.api import CheckOptions, Selection, collect
from meshlint.api.differing.difference import State, difference
from meshlint.api.edits.attempts import Attempt
from meshlint.api.edits.editing import Edited, rewritten
from meshlint.api.edits.mending import Mended, mended
from meshlint.api.reading.project import Project
from meshlint.documents import FileText, comments
from meshlint.engine.catalogue import load_catalogue
from meshlint.engine.finding import Finding
from meshlint.engine.plan import make_plan
from meshlint.reports.differences.answer import Calls, Ways
from meshlint.sources import SourceOptions, SourceSet
from tests.rules.mending import looked
from tests.shared import SHARED, needs_shared

PLAN = make_plan(load_catalogue(), Selection(select=("ALL",)))
OPTIONS = CheckOptions()
QUICK = {"BuoyantIO+emojivoto", "redhat-scholars+istio-tutorial", "sighupio+fury-kubernetes-service-mesh"}
REPOSITORIES = (
    sorted(path for path in (SHARED / "corpus").iterdir() if path.is_dir()) if SHARED.is_dir() else []
)
PARAMETERS = [
    pytest.param(path, id=path.name, marks=[] if path.name in QUICK else [pytest.mark.slow])
    for path in REPOSITORIES
]


Looked = tuple[Project, tuple[Finding, ...]]


class Eyes:
    """Looks at sets of sources, at the same one once."""

    def __init__(self) -> None:
        self.known: dict[tuple[tuple[str, bytes], ...], Looked] = {}

    def look(self, sources: SourceSet, earlier: Project | None = None) -> Looked:
        name = tuple((one.path, one.data) for one in sources.files)
        if name not in self.known:
            self.known[name] = looked(sources, OPTIONS, PLAN, earlier)
        return self.known[name]


@needs_shared
@pytest.mark.parametrize("repository", PARAMETERS)
def test_safe_fixes(repository: Path) -> None:
    eyes, sources = Eyes(), collect(["."], SourceOptions(repository))
    old, before = eyes.look(sources)
    rounds = list(rounds_of(sources, eyes))
    kept = [attempt for one in rounds for attempt in one.kept]
    assert kept or not any(one.fix and one.fix.safe for one in before)
    mended_sources = sources
    for one in rounds:
        for file in one.files:
            only_lines_of_edits_change(file, one)
        mended_sources = rewritten(mended_sources, {file.path: file.after for file in one.files})
    new, after = eyes.look(mended_sources, old)
    assert Counter(map(about, after)) - Counter(map(about, before)) == Counter()
    assert len(after) <= len(before) - sum(len(one.findings) for one in kept)
    only_answers_of_edits_change(old, new, kept)
    assert mended(mended_sources, eyes.look, safe).files == ()


def rounds_of(sources: SourceSet, eyes: Eyes) -> Iterator[Mended]:
    """What is mended round by round, each on the texts that the one before left."""
    refused: set[tuple[str, str, str]] = set()
    while (done := mended(sources, eyes.look, once(refused))).kept:
        yield done
        refused |= {said(one.finding) for one in done.refused}
        sources = rewritten(sources, {file.path: file.after for file in done.files})


def once(refused: set[tuple[str, str, str]]) -> Callable[[Sequence[Finding]], list[Finding]]:
    """Takes up the safe fixes of one round, but for those that were refused, and none afterwards."""
    asked = iter([True])

    def fresh(found: Sequence[Finding]) -> list[Finding]:
        return [one for one in safe(found) if said(one) not in refused] if next(asked, False) else []

    return fresh


def safe(found: Sequence[Finding]) -> list[Finding]:
    return [one for one in found if one.fix is not None and one.fix.safe]


def about(finding: Finding) -> tuple[str, str]:
    """A field that a fix renames is named otherwise in what is still said of it."""
    return finding.rule, str(finding.object)


def said(finding: Finding) -> tuple[str, str, str]:
    return finding.rule, str(finding.object), "".join(c for c in finding.message if not c.isdigit())


def only_answers_of_edits_change(old: Project, new: Project, kept: Sequence[Attempt]) -> None:
    """Who may call whom and where requests go stays, save where a fix says that it changes what is meant."""
    claimed = {
        str(attempt.finding.object) for attempt in kept if not all(fix.keeps_meaning for fix in attempt.fixes)
    }
    told = difference(State("before", old, ()), State("after", new, ()))
    answers: list[Calls | Ways] = [*told.calls, *told.ways]
    for answer in answers:
        objects = {" ".join(cause.object.split()[:2]) for cause in answer.causes}
        assert claimed & objects, answer


def only_lines_of_edits_change(file: Edited, done: Mended) -> None:
    """The lines that no edit is about are there in their order, with their ends; and so are comments."""
    old, new = file.before.decode(), file.after.decode()
    starts = [len("".join(old.splitlines(keepends=True)[:number])) for number in range(old.count("\n") + 2)]
    touched = {
        number
        for attempt in done.kept
        for change in attempt.changes
        if change.file == file.path
        for number, start in enumerate(starts[:-1])
        if change.start <= starts[number + 1] and change.end >= start
    }
    kept = [line for number, line in enumerate(old.splitlines(keepends=True)) if number not in touched]
    lines = iter(new.splitlines(keepends=True))
    assert all(line in lines for line in kept)
    bodies = [Counter(one.body for one in comments(FileText("", text))) for text in (old, new)]
    assert bodies[0] - bodies[1] == Counter() or any("remove" in one.title for one in done.kept)
    assert old.endswith("\n") == new.endswith("\n")
