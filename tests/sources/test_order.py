"""The set depends on what is in the tree, not on the order in which anything is told or found."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meshlint.documents.kustomization import kustomization_references
from tests.sources.tree import gather, plant

ARGUMENTS = [
    ".",
    "a",
    "a/b",
    "a/b/one.yaml",
    "c",
    "link",
    "c/**/*.yaml",
    "a/skip",
    "chart/templates",
    "./a",
    "gone",
]


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = plant(
        tmp_path_factory.mktemp("tree"),
        {
            ".git/HEAD": "",
            ".gitignore": "skip/\n",
            "a/one.yaml": "1",
            "a/b/one.yaml": "2",
            "a/b/two.yaml": "3",
            "a/skip/x.yaml": "4",
            "c/kustomization.yaml": "patchesStrategicMerge: [d/p.yaml]\n",
            "c/d/p.yaml": "5",
            "c/d/q.yaml": "6",
            "chart/Chart.yaml": "",
            "chart/templates/t.yaml": "",
        },
    )
    (root / "link").symlink_to("a/b")
    (root / "c/back").symlink_to("..")
    (root / "a/side.yaml").symlink_to("../c/d/q.yaml")
    return root


@contextmanager
def shuffled_directories(seed: int) -> Iterator[None]:
    """Let `os.scandir` list entries in an order of its own."""
    real = os.scandir
    chance = random.Random(seed)

    class Listing:
        def __init__(self, path: str) -> None:
            with real(path) as entries:
                self.entries: list[Any] = list(entries)
            chance.shuffle(self.entries)

        def __enter__(self) -> Iterator[Any]:
            return iter(self.entries)

        def __exit__(self, *error: object) -> None:
            return None

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "scandir", Listing)
        yield


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(arguments=st.lists(st.sampled_from(ARGUMENTS), unique=True), seed=st.integers(), data=st.data())
def test_no_order_changes_the_set(tree: Path, arguments: list[str], seed: int, data: st.DataObject) -> None:
    expected = gather(tree, arguments, read_kustomization=kustomization_references)
    other = data.draw(st.permutations(arguments))
    with shuffled_directories(seed):
        result = gather(tree, other, read_kustomization=kustomization_references)
    assert result == expected
    reals = [os.path.realpath(source.location) for source in result.files if source.location]
    assert len(set(reals)) == len(reals)
    assert not {source.path for source in result.files} & {entry.path for entry in result.passed_over}
