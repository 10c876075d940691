"""Our reader of kustomizations beside a real `kustomize build`, on generated trees and on each feature.

What kustomize marks objects with to say that it was here (`buildMetadata`) is left out: no mesh reads it.

The default run holds it to digests of what kustomize 5.7.1 wrote; with `-m oracle` it is built from its Go
module and asked again. `python -m tests.oracle.kustomize.record` writes the digests anew.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from random import Random
from shutil import which
from typing import Any

import pytest
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from meshlint.assembly.kustomize import CannotBuild, build
from meshlint.assembly.tree import TextFiles, Tree
from tests.oracle.kustomize.canonical import by_name, digest, objects_of, read_objects
from tests.oracle.kustomize.features import FEATURES, FORMS, combinations, form, tree
from tests.oracle.kustomize.trees import Maker

RECORDED: dict[str, str] = json.loads((Path(__file__).parent / "recorded.json").read_text())
VERSION = "v5.7.1"
MANY, TOGETHER = 500, 400


def made(name: str) -> dict[str, str]:
    """The files of a tree: a number for a random one, a form, or the features that it uses."""
    if name in FORMS:
        return form(name)
    return Maker(Random(int(name))).tree() if name.isdigit() else tree(name.split(" + "))


def ours(files: dict[str, str]) -> list[Any] | None:
    """The objects; None where kustomize refuses the tree, or would without further words."""
    try:
        built = build(Tree(TextFiles(files)), "overlay")
    except CannotBuild:
        return None
    return None if built.seen.outside else objects_of(built.pieces)


@pytest.mark.parametrize("name", sorted(RECORDED))
def test_objects_as_recorded(name: str) -> None:
    assert digest(ours(made(name))) == RECORDED[name]


def test_every_feature_is_recorded_alone() -> None:
    assert RECORDED.keys() >= FEATURES.keys() | FORMS.keys()
    assert sum(RECORDED[name] == "refused" for name in FEATURES) < 10
    assert 20 < sum(RECORDED[name] == "refused" for name in FORMS) < len(FORMS) - 20


@pytest.fixture(scope="session")
def kustomize(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A real kustomize: the one that is installed, or one built by the Go toolchain."""
    if found := which("kustomize"):
        return found
    go = which("go")
    if go is None:
        pytest.skip("neither kustomize nor a Go toolchain is installed")
    place = tmp_path_factory.mktemp("kustomize")
    package = f"sigs.k8s.io/kustomize/kustomize/v5@{VERSION}"
    subprocess.run([go, "install", package], env={**os.environ, "GOBIN": str(place)}, check=True)
    return str(place / "kustomize")


@pytest.mark.oracle
def test_objects_of_the_real_kustomize(kustomize: str, tmp_path: Path) -> None:
    built = 0
    trees = [*map(str, range(MANY)), *(" + ".join(names) for names in combinations(TOGETHER)), *FORMS]
    wrong: list[str] = []
    for number, seed in enumerate(trees):
        files = made(seed)
        root = tmp_path / str(number)
        for name, text in files.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text)
        run = subprocess.run([kustomize, "build", str(root / "overlay")], capture_output=True, check=False)
        mine = ours(files)
        real = read_objects(run.stdout) if run.returncode == 0 else None
        built += real is not None
        if (mine and by_name(mine)) != (real and by_name(real)):
            wrong.append(seed)
    assert wrong == []
    assert built > len(trees) // 2


@pytest.mark.parametrize("seed", range(25))
def test_each_field_stands_on_a_line_that_holds_it(seed: int) -> None:
    files = Maker(Random(seed)).tree()
    try:
        pieces = build(Tree(TextFiles(files)), "overlay").pieces
    except CannotBuild:
        return
    lines = {name: text.splitlines() for name, text in files.items()}
    for piece in pieces:
        for path, node in leaves(piece.root, ()):
            if path[0] in {"data", "binaryData", "apiVersion", "kind", "type", "immutable"}:
                continue
            mark = node.start_mark
            line = lines[mark.name][mark.line]
            assert shares(str(node.value), line), (path, node.value, mark, line)


def shares(value: str, line: str) -> bool:
    """Whether the line holds the value or, of a name that was joined of several, a part of it."""
    written = line.split(": ", 1)[-1].strip().strip("-").strip().strip("\"',[]{}")
    return (
        value in line or written in value or any(part in line for part in re.split(r"[^\w]+", value) if part)
    )


def leaves(node: Node, path: tuple[Any, ...]) -> Iterator[tuple[tuple[Any, ...], ScalarNode]]:
    if isinstance(node, ScalarNode):
        yield path, node
    elif isinstance(node, SequenceNode):
        for index, item in enumerate(node.value):
            yield from leaves(item, (*path, index))
    elif isinstance(node, MappingNode):
        for key, value in node.value:
            yield from leaves(value, (*path, key.value))
