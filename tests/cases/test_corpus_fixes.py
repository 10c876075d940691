"""Safe fixes on real repositories: each does what it claims, nothing else changes, and once is enough."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from meshlint.api import CheckOptions, Selection, collect
from meshlint.api.differing.difference import State, difference
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


@needs_shared
@pytest.mark.parametrize("repository", PARAMETERS)
def test_safe_fixes(repository: Path) -> None:
    sources = collect(["."], SourceOptions(repository))
    old, before = looked(sources, OPTIONS, PLAN)
    done = fixed(sources)
    assert len(done.kept) > 0 or not any(one.fix and one.fix.safe for one in before)
    after_sources = rewritten(sources, {file.path: file.after for file in done.files})
    new, after = looked(after_sources, OPTIONS, PLAN, old)
    assert Counter(map(said, after)) - Counter(map(said, before)) == Counter()
    assert len(after) <= len(before) - sum(len(one.findings) for one in done.kept)
    for file in done.files:
        only_lines_of_edits_change(file, done)
    only_answers_of_edits_change(old, new, done)
    assert fixed(after_sources).files == ()


def fixed(sources: SourceSet) -> Mended:
    def safe(found: tuple[Finding, ...]) -> list[Finding]:
        return [one for one in found if one.fix is not None and one.fix.safe]

    return mended(sources, lambda now, earlier: looked(now, OPTIONS, PLAN, earlier), safe)  # type: ignore[arg-type]


def said(finding: Finding) -> tuple[str, str, str]:
    return finding.rule, str(finding.object), "".join(c for c in finding.message if not c.isdigit())


def only_answers_of_edits_change(old: Project, new: Project, done: Mended) -> None:
    """Who may call whom and where requests go stays, save where a fix says that it changes what is meant."""
    claimed = {
        str(attempt.finding.object)
        for attempt in done.kept
        if not all(fix.keeps_meaning for fix in attempt.fixes)
    }
    told = difference(State("before", old, ()), State("after", new, ()))
    answers: list[Calls | Ways] = [*told.calls, *told.ways]
    for answer in answers:
        assert claimed.intersection(cause.object for cause in answer.causes), answer


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
    if len({attempt.changes for attempt in done.kept}) == len(done.kept):
        assert all(line in lines for line in kept)
    bodies = [Counter(one.body for one in comments(FileText("", text))) for text in (old, new)]
    assert bodies[0] - bodies[1] == Counter() or any("remove" in one.title for one in done.kept)
    assert old.endswith("\n") == new.endswith("\n")
