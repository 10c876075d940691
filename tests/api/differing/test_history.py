"""`diff` over the history of a repository: 20 commits, each of which is told as brute force tells it."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Mapping
from itertools import pairwise, product
from pathlib import Path
from random import Random

import pytest

from meshlint.api import Compared, Project, Request, diff, read_texts
from meshlint.api.judging.checking import check_texts
from meshlint.engine.baseline.effect import effect
from meshlint.security.access import AccessRequest

from .small_meshes import Documents, edited, small_mesh

COMMITS = 20
METHODS, PATHS = ("GET", "PUT"), ("/", "/a/x/c", "/bc/z")
CALLERS = ("shop/cart", "shop/web", "ops/job", None)
DESTINATIONS = ("shop/cart", "shop/web", "ops/job")


def _history(rng: Random) -> Iterator[tuple[Documents, dict[str, str]]]:
    """The states of a mesh, and the files that it is written in, which move and change their looks, too."""
    documents, folder = small_mesh(rng), "k8s"
    for number in range(COMMITS + 1):
        looks = "# written anew\n\n" if number % 4 == 3 else ""
        yield (
            documents,
            {f"{folder}/{name.replace('/', '-')}.yaml": looks + text for name, text in documents.items()},
        )
        if number % 5 == 4:
            folder = f"moved-{number}"
        else:
            documents = edited(documents, rng)


def _committed(directory: Path, states: list[dict[str, str]]) -> None:
    def git(*arguments: str) -> None:
        command = ["git", "-c", "user.name=t", "-c", "user.email=t@example.org", *arguments]
        subprocess.run(command, cwd=directory, check=True, capture_output=True)

    git("init", "-q", "-b", "main")
    for number, files in enumerate(states):
        for path in directory.rglob("*.yaml"):
            path.unlink()
        for name, text in files.items():
            (directory / name).parent.mkdir(parents=True, exist_ok=True)
            (directory / name).write_text(text, encoding="utf-8")
        git("add", "-A")
        git("commit", "-q", "--allow-empty", "-m", f"commit {number}")
        git("tag", f"c{number}")


def _answers(project: Project) -> dict[tuple[str, ...], tuple[object, ...]]:
    """What comes of each call of the grid."""
    found: dict[tuple[str, ...], tuple[object, ...]] = {}
    for caller, to, method, path in product(CALLERS, DESTINATIONS, METHODS, PATHS):
        made = project.access(AccessRequest(to, 80, source=caller, method=method, path=path, host="other"))
        # how a request that is kept out would travel is nobody's concern
        found[to, caller or "outside", method, path] = (made.verdict, made.is_denied or made.transport)
    return found


def _said(documents: Mapping[str, str]) -> set[tuple[str, str, str]]:
    files = {f"{name.replace('/', '-')}.yaml": text for name, text in documents.items()}
    return {(one.rule, str(one.object), effect(one.message)) for one in check_texts(files).findings}


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Documents]]:
    directory = tmp_path_factory.mktemp("history")
    states = list(_history(Random(7)))
    _committed(directory, [files for _, files in states])
    return directory, [documents for documents, _ in states]


@pytest.mark.parametrize("number", range(COMMITS))
def test_a_commit_is_told_as_brute_force_tells_it(history: tuple[Path, list[Documents]], number: int) -> None:
    directory, states = history
    before, after = list(pairwise(states))[number]
    found = diff(Compared(f"c{number}", f"c{number + 1}"), Request(directory=directory))
    old, new = (_answers(_project(one)) for one in (before, after))
    changed = {call[0] for call in old if old[call] != new[call]}
    told = {one.to for one in found.calls}
    assert changed <= told
    if before == after:
        assert (found.calls, found.ways, found.findings.new, found.findings.gone) == ((), (), (), ())
    keys = [(one.rule, str(one.object), effect(one.message)) for one in found.findings.new]
    assert set(keys) == _said(after) - _said(before)


def test_the_history_has_calls_that_change(history: tuple[Path, list[Documents]]) -> None:
    _, states = history
    moved = [one == other for one, other in pairwise(states)]
    answers = [_answers(_project(one)) for one in states]
    changing = sum(one != other for one, other in pairwise(answers))
    assert changing >= COMMITS // 3
    assert 0 < sum(moved) < COMMITS // 2


def _project(documents: Documents) -> Project:
    return read_texts({f"{name.replace('/', '-')}.yaml": text for name, text in documents.items()})
