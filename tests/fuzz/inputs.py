"""The files of a seed: a few objects of real manifests or a kustomization, mutated with parts of others."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import yaml

from tests.filling.test_unknown_values import manifests
from tests.fuzz.mutations import mutated
from tests.oracle.kustomize.features import FEATURES, tree
from tests.oracle.kustomize.trees import Maker

LARGEST = 8_000
"""Bytes of a manifest: larger ones only take longer to read."""
KUSTOMIZED = 0.05
"""The share of kustomizations, which cost ten times what plain manifests do."""
WRITERS = 0.1, 0.2
"""Which shares of the files are JSON, and are in the style of flows."""


class Dumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]
    """Writes what any document may hold, nothing as an alias."""

    def ignore_aliases(self, _: Any) -> bool:
        return True


class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Reads as the plain loader does, in a tenth of its time."""


def files_of(random: Random) -> dict[str, str]:
    """Some files by their paths, the same for the same seed."""
    return _kustomized(random) if random.random() < KUSTOMIZED else _plain(random)


def _plain(random: Random) -> dict[str, str]:
    """Up to six objects of up to two manifests that stand beside each other, in up to two files."""
    path = random.choice(corpus())
    beside = [path, *random.choices(neighbours()[path.parent], k=random.randint(0, 1))]
    found = [one for each in dict.fromkeys(beside) for one in _some(documents(each), random, 4)]
    strangers = [*found, *documents(random.choice(corpus()))] or [{}]
    made = [mutated(one, random, strangers) if random.random() < 0.7 else one for one in found[:6]]
    half = random.randint(0, len(made))
    names = random.sample(("a/0.yaml", "b/1.yaml", "2.yml"), 2)
    return {name: written(part, random) for name, part in zip(names, (made[:half], made[half:]), strict=True)}


def _some(found: Sequence[Any], random: Random, most: int) -> Sequence[Any]:
    """Objects that follow each other, as those which belong together mostly do."""
    first = random.randint(0, max(0, len(found) - most))
    return found[first : first + most]


def _kustomized(random: Random) -> dict[str, str]:
    """The files of a kustomization, one or two of them mutated."""
    names = random.sample(sorted(FEATURES), 2)
    files: dict[str, str] = tree(names) if random.random() < 0.5 else Maker(random).tree()
    readable = [name for name in files if name.endswith((".yaml", ".yml"))]
    strangers = documents(random.choice(corpus()))
    for name in random.sample(readable, random.randint(1, 2)):
        found = list(_loaded(files[name]))
        others = [*found, *strangers] or [{}]
        files[name] = written([mutated(one, random, others) for one in found], random)
    return files


def written(found: Sequence[Any], random: Random) -> str:
    """The objects as a file, mostly in the style of blocks, which most files have."""
    style = random.random()
    if style < WRITERS[0]:
        return "\n---\n".join(json.dumps(one, default=str) for one in found)
    flow = style < WRITERS[1]
    made: str = yaml.dump_all(found, Dumper=Dumper, allow_unicode=True, default_flow_style=flow)
    return made


@cache
def corpus() -> tuple[Path, ...]:
    """The smaller ones of the real manifests, in order."""
    return tuple(path for path in manifests() if path.stat().st_size < LARGEST)


@cache
def neighbours() -> Mapping[Path, Sequence[Path]]:
    """The manifests by the folders that they lie in."""
    found: dict[Path, list[Path]] = defaultdict(list)
    for path in corpus():
        found[path.parent].append(path)
    return found


@cache
def documents(path: Path) -> tuple[Any, ...]:
    """The objects of a manifest."""
    return tuple(_loaded(path.read_text(encoding="utf-8", errors="replace")))


def _loaded(text: str) -> Iterator[Any]:
    try:
        yield from (one for one in yaml.load_all(text, Loader=Loader) if isinstance(one, dict))
    except (yaml.YAMLError, ValueError):
        return
