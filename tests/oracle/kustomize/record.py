"""Writes the digests of what a real kustomize makes of trees; its path is the argument."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from tests.oracle.kustomize.canonical import digest, read_objects
from tests.oracle.kustomize.features import FORMS, combinations, form, tree
from tests.oracle.kustomize.trees import Maker

RANDOM, TOGETHER = 100, 60


def recorded(kustomize: str, files: Mapping[str, str]) -> str:
    with TemporaryDirectory() as place:
        for name, text in files.items():
            path = Path(place, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        run = subprocess.run([kustomize, "build", f"{place}/overlay"], capture_output=True, check=False)
    return digest(read_objects(run.stdout) if run.returncode == 0 else None)


if __name__ == "__main__":
    trees = {str(seed): Maker(Random(seed)).tree() for seed in range(RANDOM)}
    trees |= {name: form(name) for name in FORMS}
    trees |= {" + ".join(names): tree(names) for names in combinations(TOGETHER)}
    found = {name: recorded(sys.argv[1], files) for name, files in trees.items()}
    Path(__file__).with_name("recorded.json").write_text(json.dumps(found, indent=0) + "\n")
