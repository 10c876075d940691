"""On real manifests, too, order and place change neither findings nor fingerprints."""

from __future__ import annotations

import json
import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from meshlint.api import CheckOptions, Selection, check_texts, collect, read_sources
from meshlint.api.reading.project import ReadOptions
from meshlint.engine.catalogue import load_catalogue
from meshlint.engine.rule import Profile
from meshlint.sources import SourceOptions
from tests.rules.test_order import shuffled
from tests.shared import SHARED, needs_shared

CATALOGUE = load_catalogue()
OPTIONS = CheckOptions(selection=Selection(profile=Profile.PEDANTIC))
CORPUS = SHARED / "corpus"
REPOSITORIES = sorted(path for path in CORPUS.glob("*") if path.is_dir())


def documents(directory: Path) -> list[Any]:
    """The documents below `directory` that hold objects, in any order."""
    project = read_sources(collect([str(directory)], SourceOptions()), ReadOptions())
    found = {id(one.document): one.document.value for one in project.resources.resources}
    return list(found.values())


def told(files: dict[str, str]) -> Counter[Any]:
    """What is told apart from the places."""
    findings = check_texts(files, OPTIONS, CATALOGUE).findings
    return Counter((one.rule, one.object, one.path, one.message, one.fingerprint) for one in findings)


@needs_shared
@pytest.mark.slow
@pytest.mark.parametrize("directory", REPOSITORIES, ids=lambda path: path.name)
def test_order_does_not_matter(directory: Path) -> None:
    found = documents(directory)
    before = told({f"{number}.yaml": json.dumps(one) for number, one in enumerate(found)})
    chance = random.Random(directory.name)
    chance.shuffle(found)
    mixed = [json.dumps(shuffled(one, chance)) for one in found]
    half = len(mixed) // 2
    pairs = {
        f"{chance.random()}.yaml": "\n---\n".join(two)
        for two in zip(mixed[:half], mixed[half:], strict=False)
    }
    rest = {"rest.yaml": mixed[-1]} if len(mixed) % 2 else {}
    assert told({**pairs, **rest}) == before
