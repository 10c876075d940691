from __future__ import annotations

from collections import Counter
from pathlib import Path

import yaml

from bench.generate import DOCUMENTS_PER_SERVICE, synthetic_mesh, write_mesh


def test_every_service_has_its_seven_objects() -> None:
    kinds = Counter(
        document["kind"]
        for text in synthetic_mesh(60).values()
        for document in yaml.load_all(text, Loader=yaml.CSafeLoader)
    )
    assert kinds.pop("Namespace") == 3
    assert kinds.pop("Deployment") > 60
    assert set(kinds.values()) == {60}
    assert len(kinds) == DOCUMENTS_PER_SERVICE - 1


def test_the_seed_decides_everything() -> None:
    assert synthetic_mesh(10, seed=1) == synthetic_mesh(10, seed=1)
    assert synthetic_mesh(10, seed=1) != synthetic_mesh(10, seed=2)


def test_writing_counts_bytes(tmp_path: Path) -> None:
    size = write_mesh(tmp_path, 3)
    assert size == sum(path.stat().st_size for path in tmp_path.rglob("*.yaml"))
