"""A workspace after edits is what a cold look at the same texts sees."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from meshlint.api import Request
from meshlint.api.edits.workspace import Workspace
from meshlint.engine.finding import Finding

from .differing.small_meshes import edited, small_mesh
from .differing.small_routes import edited_routes, small_routes

Told = list[tuple[str, str, str, str]]


def _told(workspace: Workspace) -> Told:
    return sorted(map(_key, workspace.outcome.findings))


def _key(finding: Finding) -> tuple[str, str, str, str]:
    return finding.rule, str(finding.location), finding.message, finding.fingerprint


Documents = dict[str, str]
Drawing = tuple[Callable[[Random], Documents], Callable[[Documents, Random], Documents]]
DRAWINGS: tuple[Drawing, ...] = ((small_mesh, edited), (small_routes, edited_routes))


def as_files(documents: Documents, rng: Random) -> Documents:
    """The documents as files, now and then one of them torn as it is while somebody types."""
    found = {f"{name.replace('/', '-')}.yaml": text for name, text in documents.items()}
    if rng.random() < 0.3:
        name = rng.choice(sorted(found))
        found[name] = found[name][: rng.randrange(len(found[name]))]
    return found


def _try_edits(root: Path, seed: int, count: int) -> None:
    rng = Random(seed)
    draw, edit = DRAWINGS[seed % 2]
    drawn = draw(rng)
    known = as_files(drawn, rng)
    for name, text in known.items():
        (root / name).write_text(text, encoding="utf-8")
    workspace = Workspace.at(root, Request(no_config=True))
    for _ in range(count):
        drawn = edit(drawn, rng)
        texts = as_files(drawn, rng)
        for name in known.keys() - texts.keys():
            (root / name).unlink()
        edits: dict[str, str | None] = {
            name: texts.get(name) for name in {*known, *texts} if known.get(name) != texts.get(name)
        }
        for name, text in texts.items():
            (root / name).write_text(text, encoding="utf-8")
        workspace = workspace.edited(edits)
        assert _told(workspace) == _told(Workspace.at(root, Request(no_config=True)))
        known = texts


@pytest.mark.parametrize("seed", range(2))
def test_edits_leave_what_a_cold_look_sees(seed: int, tmp_path: Path) -> None:
    _try_edits(tmp_path, seed, 5)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20))
def test_a_thousand_edits_leave_what_a_cold_look_sees(seed: int, tmp_path: Path) -> None:
    _try_edits(tmp_path, 100 + seed, 50)


def test_a_closed_file_is_what_it_is_on_disk(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(
        "apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n", encoding="utf-8"
    )
    workspace = Workspace.at(tmp_path, Request(no_config=True))
    torn = workspace.edited({"a.yaml": "apiVersion: v1\nkind: ["})
    assert [one.rule for one in torn.outcome.findings] == ["HYGIENE001"]
    assert not torn.edited({"a.yaml": None}).outcome.findings


def test_objects_of_files_that_are_not_edited_are_the_same(tmp_path: Path) -> None:
    for name in "ab":
        text = f"apiVersion: v1\nkind: Namespace\nmetadata: {{name: {name}}}\n"
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    workspace = Workspace.at(tmp_path, Request(no_config=True))
    later = workspace.edited({"b.yaml": "apiVersion: v1\nkind: Namespace\nmetadata: {name: c}\n"})
    (kept,) = [one for one in workspace.project.resources.resources if one.name == "a"]
    assert kept in later.project.resources.resources
