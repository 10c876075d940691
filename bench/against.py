"""What meshlint costs beside another checkout of it: wheel, start-up, and a whole check.

Usage: python -m bench.against DIRECTORY [--services N] [--rounds N]. Both are run in turns on the same files
without a cache, and the least time of the processor counts, so that a busy machine changes no verdict.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from compileall import compile_dir
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.generate import write_mesh

PROJECT = Path(__file__).resolve().parent.parent
SMALL = """\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: shop, namespace: shop}
spec:
  hosts: [shop.example.com]
  http: [{route: [{destination: {host: shop}}]}]
"""


def main() -> None:
    """Measure both, and print the figures with their ratio."""
    parser = argparse.ArgumentParser(description="Compare what meshlint costs with another checkout.")
    parser.add_argument("directory", type=Path, help="the other checkout, with bytecode where that is wanted")
    parser.add_argument("--services", type=int, default=300, help="of the synthetic mesh")
    parser.add_argument("--rounds", type=int, default=5, help="runs of each; the fastest counts")
    given = parser.parse_args()
    trees = (given.directory.resolve(), PROJECT)
    compile_dir(PROJECT / "meshlint", quiet=1)
    print("| | other | this | ratio |\n|---|---:|---:|---:|")
    with TemporaryDirectory() as scratch:
        place = Path(scratch)
        _print("wheel, bytes", [_wheel(tree, place / str(number)) for number, tree in enumerate(trees)])
        (place / "small.yaml").write_text(SMALL, encoding="utf-8")
        _print("one small file, seconds", _times(trees, place / "small.yaml", 3 * given.rounds))
        write_mesh(place / "mesh", given.services)
        _print(f"{given.services} services, seconds", _times(trees, place / "mesh", given.rounds))


def _print(name: str, figures: Sequence[float]) -> None:
    other, this = figures
    print(f"| {name} | {other:.7g} | {this:.7g} | {this / other:.3f} |", flush=True)


def _wheel(tree: Path, output: Path) -> int:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(output)]
    subprocess.run(command, cwd=tree, check=True, capture_output=True)
    (wheel,) = output.glob("*.whl")
    return wheel.stat().st_size


def _times(trees: Sequence[Path], manifests: Path, rounds: int) -> list[float]:
    options = [["--no-cache"] if "--no-cache" in _told(tree, "--help") else [] for tree in trees]
    runs = [
        [_seconds(tree, str(manifests), *more) for tree, more in zip(trees, options, strict=True)]
        for _ in range(rounds)
    ]
    return [min(column) for column in zip(*runs, strict=True)]


def _told(tree: Path, *arguments: str) -> str:
    """What a check says with these arguments, in a directory that holds neither of both."""
    environment = {**os.environ, "PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "meshlint", "check", *arguments]
    done = subprocess.run(command, cwd=tree.anchor, env=environment, capture_output=True, text=True)
    if done.returncode > 1:
        raise RuntimeError(done.stderr)
    return done.stdout


def _seconds(tree: Path, *arguments: str) -> float:
    """Of the processor, for one run and all that it started."""
    before = os.times()
    _told(tree, *arguments)
    after = os.times()
    spent = after.children_user + after.children_system
    return spent - before.children_user - before.children_system


if __name__ == "__main__":
    main()
