"""The trees that kustomize tests itself with, taken from its Go module while the test runs."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from meshlint.assembly.kustomize import CannotBuild, build
from meshlint.assembly.tree import TextFiles, Tree
from tests.golang import module
from tests.oracle.kustomize.canonical import by_name, objects_of, read_objects
from tests.oracle.kustomize.test_kustomize import kustomize

__all__ = ["kustomize"]

MODULE = ("sigs.k8s.io/kustomize/api", "v0.20.1")
HEADS = {"K": ("v1beta1", "Kustomization"), "C": ("v1alpha1", "Component")}
FUNCTION = re.compile(r"^func (Test\w+)\(t \*testing\.T\) \{(.*?)^\}", re.DOTALL | re.MULTILINE)
STEP = re.compile(
    r'th\.Write(?P<form>[KCF])\("(?P<path>[^"]+)",\s*`(?P<text>[^`]*)`\)'
    r'|th\.Run(?:WithErr)?\("(?P<root>[^"]+)", th\.MakeDefaultOptions'
)
LEFT_OUT = re.compile(r"https?://|git@|git::|github\.com|\?ref=|^buildMetadata", re.MULTILINE)
"""What needs a network, and the marks of kustomize that no mesh reads."""
Built = tuple[str, str, dict[str, str]]


def trees(text: str) -> Iterator[Built]:
    """Name, root and files of each tree that a file of tests builds with the default options."""
    for function in FUNCTION.finditer(text):
        files: dict[str, str] = {}
        if "th.Reset" in function[2]:
            continue
        for step in STEP.finditer(function[2]):
            if step["root"] is not None:
                yield function[1], step["root"].strip("/") or ".", dict(files)
                continue
            path, content = step["path"].strip("/"), step["text"]
            if step["form"] != "F":
                version, kind = HEADS[step["form"]]
                head = f"\napiVersion: kustomize.config.k8s.io/{version}\nkind: {kind}\n"
                path, content = f"{path}/kustomization.yaml", head + content
            files[os.path.normpath(path)] = content


def own_trees() -> list[Built]:
    place = module(*MODULE)
    return [one for path in sorted((place / "krusty").glob("*_test.go")) for one in trees(path.read_text())]


def agrees(kustomize: str, place: Path, root: str, files: dict[str, str]) -> bool | None:
    """Whether our reader does the same; None where it says that it cannot read all of it."""
    for name, text in files.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(text)
    run = subprocess.run([kustomize, "build", str(place / root)], capture_output=True, check=False)
    try:
        built = build(Tree(TextFiles(files)), root)
    except CannotBuild:
        return run.returncode != 0
    if built.missing:
        return None
    if run.returncode != 0 or built.seen.outside:
        return run.returncode != 0 and bool(built.seen.outside)
    return by_name(objects_of(built.pieces)) == by_name(read_objects(run.stdout))


@pytest.mark.oracle
def test_the_trees_of_its_own_tests(kustomize: str, tmp_path: Path) -> None:
    found: dict[bool | None, list[str]] = {True: [], False: [], None: []}
    for number, (name, root, files) in enumerate(own_trees()):
        if not any(LEFT_OUT.search(text) for text in files.values()):
            verdict = agrees(kustomize, tmp_path / str(number), root, files)
            found[verdict].append(name)
    assert found[False] == []
    assert len(found[True]) > 180
