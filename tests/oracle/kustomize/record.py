"""Writes the digests of what a real kustomize makes of the first trees; its path is the argument."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from tests.oracle.kustomize.canonical import digest, read_objects
from tests.oracle.kustomize.trees import Maker

COUNT = 150


def recorded(kustomize: str, seed: int) -> str:
    with TemporaryDirectory() as place:
        for name, text in Maker(Random(seed)).tree().items():
            path = Path(place, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        run = subprocess.run([kustomize, "build", f"{place}/overlay"], capture_output=True, check=False)
    return digest(read_objects(run.stdout) if run.returncode == 0 else None)


if __name__ == "__main__":
    found = {str(seed): recorded(sys.argv[1], seed) for seed in range(COUNT)}
    Path(__file__).with_name("recorded.json").write_text(json.dumps(found, indent=0) + "\n")
