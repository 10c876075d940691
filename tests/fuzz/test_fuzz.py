"""Mutations of real manifests and of kustomizations: whatever is written, every question has an answer.

`python -m tests.fuzz.test_fuzz FIRST COUNT` runs a piece of the seeds by hand and prints what fails.
"""

from __future__ import annotations

import json
import sys
import traceback
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import yaml

from tests.filling.test_unknown_values import manifests
from tests.fuzz.asked import ask_everything
from tests.fuzz.mutations import mutated
from tests.oracle.kustomize.features import FEATURES, tree
from tests.oracle.kustomize.trees import Maker
from tests.shared import needs_shared

FEW, MANY = 1_000, 100_000
PIECES, MANY_PIECES = 20, 200
LARGEST = 3_000
"""Bytes of a manifest: larger ones only take longer."""


class Dumper(yaml.SafeDumper):
    """Writes what any document may hold, nothing as an alias."""

    def ignore_aliases(self, _: Any) -> bool:
        return True


@cache
def corpus() -> tuple[Path, ...]:
    return tuple(path for path in manifests() if path.stat().st_size < LARGEST)


@cache
def documents(path: Path) -> tuple[Any, ...]:
    return tuple(_loaded(path.read_text(encoding="utf-8", errors="replace")))


def _loaded(text: str) -> Iterator[Any]:
    try:
        yield from (one for one in yaml.safe_load_all(text) if isinstance(one, dict))
    except (yaml.YAMLError, ValueError):
        return


def written(found: list[Any], random: Random) -> str:
    if random.random() < 0.1:
        return "\n---\n".join(json.dumps(one, default=str) for one in found)
    return yaml.dump_all(found, Dumper=Dumper, allow_unicode=True)


def manifest_files(random: Random) -> dict[str, str]:
    """Some manifests that stand beside each other, mutated with parts of others."""
    first = random.choice(corpus())
    beside = [one for one in corpus() if one.parent == first.parent]
    chosen = {first, *random.sample(beside, min(len(beside), random.randint(0, 2)))}
    strangers = [one for path in random.choices(corpus(), k=2) for one in documents(path)]
    files = {}
    for number, path in enumerate(sorted(chosen)):
        others = [*documents(path), *strangers] or [{}]
        found = [mutated(one, random, others) if random.random() < 0.7 else one for one in documents(path)]
        files[f"{random.choice(('a', 'b', '.'))}/{number}.yaml"] = written(found, random)
    return files


def kustomized_files(random: Random) -> dict[str, str]:
    """The files of a kustomization, one or two of them mutated."""
    names = random.sample(sorted(FEATURES), 3)
    files = tree(names) if random.random() < 0.5 else Maker(random).tree()
    readable = [name for name in files if name.endswith((".yaml", ".yml"))]
    strangers = list(documents(random.choice(corpus())))
    for name in random.sample(readable, random.randint(1, 2)):
        found = list(_loaded(files[name]))
        others = [*found, *strangers] or [{}]
        files[name] = written([mutated(one, random, others) for one in found], random)
    return files


def one(seed: int, place: Path) -> None:
    random = Random(seed)
    files = kustomized_files(random) if random.random() < 0.15 else manifest_files(random)
    ask_everything(files, place, random)


@needs_shared
@pytest.mark.parametrize("piece", range(PIECES))
def test_everything_has_an_answer(piece: int, tmp_path: Path) -> None:
    for seed in range(piece, FEW, PIECES):
        one(seed, tmp_path / str(seed))


@needs_shared
@pytest.mark.oracle
@pytest.mark.parametrize("piece", range(MANY_PIECES))
def test_everything_has_an_answer_in_the_long_run(piece: int, tmp_path: Path) -> None:
    for seed in range(FEW + piece, MANY, MANY_PIECES):
        with TemporaryDirectory(dir=tmp_path) as place:
            one(seed, Path(place))


def by_hand(first: int, count: int) -> None:
    """Run some seeds and print what fails."""
    for seed in range(first, first + count):
        with TemporaryDirectory() as place:
            try:
                one(seed, Path(place))
            except Exception:
                sys.stdout.write(f"{seed} {traceback.format_exc()}\n")
                sys.stdout.flush()


if __name__ == "__main__":
    by_hand(int(sys.argv[1]), int(sys.argv[2]))
