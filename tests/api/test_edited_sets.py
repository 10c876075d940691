"""A project told from an earlier one is the one that is read anew: over random edits of documents."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any

import pytest

from meshlint.api import CheckOptions
from meshlint.api.after.incremental import known_of
from meshlint.api.judging.checking import check_project, plan_of
from meshlint.api.reading.options import ReadOptions
from meshlint.api.reading.project import Project, read_sources
from meshlint.engine.examine import suppresses
from meshlint.mesh.settings.settings import Versions
from meshlint.resources.collection import ResourceSet
from meshlint.sources import SourceFile, SourceSet
from meshlint.values import evolve
from tests.api.test_incremental import POLICY, changed, examples
from tests.api.test_incremental import told as told_of

PLACES = ("", "shop/", "examples/one/", "examples/two/", "base/")
ODD = ("just: text\n", "- a\n- b\n", "apiVersion: v1\nkind: ConfigMap\n", "# empty\n", "kind: [\n")
PLAN = plan_of(CheckOptions())
Files = dict[str, list[str]]


def drawn(chance: random.Random) -> Files:
    """A few files of a few documents each."""
    names = [f"{chance.choice(PLACES)}{number}.yaml" for number in range(chance.randint(2, 5))]
    return {name: [document(chance) for _ in range(chance.randint(1, 4))] for name in names}


def document(chance: random.Random) -> str:
    if chance.random() < 0.1:
        return chance.choice(ODD)
    text = json.dumps(chance.choice(chance.choice(examples())), default=str)
    return f"# meshlint:ignore ROUTE001 -- as agreed\n{text}" if chance.random() < 0.08 else text


def edited(chance: random.Random, files: Files) -> Files:
    """The files with a document that comes, goes, is another one, or stands in another file as well."""
    files = {name: list(held) for name, held in files.items()}
    name = chance.choice(sorted(files))
    held, what = files[name], chance.randrange(7)
    at = chance.randrange(len(held)) if held else 0
    if what == 0 and held:
        del held[at]
    elif what == 1 and len(files) > 1:
        del files[name]
    elif what == 2:
        files[f"{chance.choice(PLACES)}new{chance.randrange(99)}.yaml"] = [document(chance)]
    elif what == 3 and held:
        files[chance.choice(sorted(files))].append(held[at])
    elif what == 4:
        held.insert(at, document(chance))
    elif held and held[at].startswith("{"):
        held[at] = json.dumps(changed(chance, json.loads(held[at])))
    return files


def texts(files: Files) -> dict[str, str]:
    return {name: "\n---\n".join(held) for name, held in files.items()}


def cold(files: Files) -> Project:
    sources = (SourceFile(name, text.encode()) for name, text in sorted(texts(files).items()))
    return read_sources(SourceSet(files=tuple(sources)), ReadOptions())


def after(project: Project, before: Files, files: Files) -> Project:
    new, old = texts(files), texts(before)
    return project.edited({name: new.get(name) for name in {*new, *old} if new.get(name) != old.get(name)})


def shown(resources: ResourceSet) -> tuple[Any, ...]:
    """All that a set knows."""
    held = [(str(one.id), one.document.file, one.field.span().line) for one in resources.resources]
    return (
        held,
        [(one.file, one.index) for one in resources.foreign],
        resources.kustomized,
        resources.collections,
        [[(one.document.file, one.field.span().line) for one in same] for same in resources.repeated],
        resources.kinds,
        resources.namespaces,
        resources._files,
        resources._named,
    )


def set_by(project: Project) -> tuple[Any, ...]:
    """The settings, and the places that show releases."""
    settings = project.mesh.settings
    shown = {
        name: [(str(mark.rank), mark.release, mark.at.document.file, mark.at.span()) for mark in marks]
        for name, marks in settings.versions.shown.items()
    }
    return evolve(settings, versions=Versions(settings.versions.releases)), shown


def edits(seed: int) -> Iterator[tuple[Project, Project]]:
    """Projects after edits, told from the ones before, and read anew."""
    chance = random.Random(seed)
    files = drawn(chance)
    project = cold(files)
    for _ in range(5):
        before, files = files, edited(chance, files)
        project = after(project, before, files)
        yield project, cold(files)


def compared(seed: int) -> int:
    """How many of some edits were told without a look at all objects."""
    quickly = 0
    for told, read in edits(seed):
        assert shown(told.resources) == shown(read.resources), seed
        assert shown(told.admission.taken) == shown(read.admission.taken), seed
        assert set_by(told) == set_by(read), seed
        assert told.summary == read.summary, seed
        assert told.problems == read.problems, seed
        assert told.passed_over == read.passed_over, seed
        quickly += told.resources.parted is not None
    return quickly


def test_an_edited_set_is_the_one_that_is_read_anew() -> None:
    assert sum(map(compared, range(30))) > 50


@pytest.mark.slow
def test_thousands_of_edited_sets_are_those_that_are_read_anew() -> None:
    assert sum(map(compared, range(1000, 3000))) > 1000


def test_what_is_said_of_names_elsewhere_and_of_suppressions_holds_after_an_edit() -> None:
    counts = [asked(seed) for seed in range(14)]
    known, accepting = map(sum, zip(*counts, strict=True))
    assert known > 5
    assert accepting > 1


def asked(seed: int) -> tuple[int, int]:
    """How often it was known after an edit how many names are unresolved, and how many texts accepted any."""
    chance = random.Random(seed)
    files = drawn(chance)
    project = cold(files)
    known, counted, accepting = known_of(project, PLAN), 0, 0
    for _ in range(4):
        before, files = files, edited(chance, files)
        now = after(project, before, files)
        outcome = None if known is None else known.after(now, POLICY)
        if known is not None and outcome is not None:
            read = check_project(cold(files), PLAN, POLICY)
            assert told_of(outcome) == told_of(read), seed
            assert outcome.summary == read.summary, seed
            assert outcome.accepted == read.accepted, seed
            counted += known._leaving_after(now) is not None
            accepting += suppresses(now.texts.values())
        project, known = now, known_of(now, PLAN)
    return counted, accepting
