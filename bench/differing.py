"""What `diff` of two revisions costs beside `check`: a synthetic mesh of which three files are edited.

Usage: python -m bench.differing [--services N] [--rounds N]. Both are run in turns without a cache, and the
least time of the processor counts. The edits are a weight, a narrower policy and a mode of mutual TLS, each
in a file of its own.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.generate import write_mesh

PROJECT = Path(__file__).resolve().parent.parent
EDITS = (
    ("weight: 90", "weight: 70"),
    ('methods: ["GET", "POST"]', 'methods: ["GET"]'),
    ("mode: STRICT", "mode: PERMISSIVE"),
)


def main() -> None:
    """Measure both, and print the figures with their ratio."""
    parser = argparse.ArgumentParser(description="Compare what diff costs with what check does.")
    parser.add_argument("--services", type=int, default=2000, help="of the synthetic mesh")
    parser.add_argument("--rounds", type=int, default=5, help="runs of each; the fastest counts")
    given = parser.parse_args()
    with TemporaryDirectory() as scratch:
        place = Path(scratch)
        write_mesh(place / "mesh", given.services)
        committed(place)
        edited(place)
        figures = [(seconds(place, "check", "--no-cache"), seconds(place, "diff", "HEAD"))]
        figures += [
            (seconds(place, "check", "--no-cache"), seconds(place, "diff", "HEAD"))
            for _ in range(given.rounds - 1)
        ]
    check, diff = (min(column) for column in zip(*figures, strict=True))
    print("| services | check, seconds | diff, seconds | ratio |\n|---:|---:|---:|---:|")
    print(f"| {given.services} | {check:.2f} | {diff:.2f} | {diff / check:.2f} |")


def committed(place: Path) -> None:
    """Make a directory a repository with one commit."""
    known = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "base"]):
        subprocess.run(["git", *known, *command], cwd=place, check=True, capture_output=True)


def edited(place: Path) -> None:
    """Change a line in each of three files; raises `StopIteration` where the mesh has not got it."""
    files = {file: file.read_text(encoding="utf-8") for file in sorted(place.rglob("service-*.yaml"))}
    for old, new in EDITS:
        file = next(file for file, text in files.items() if old in text)
        file.write_text(files.pop(file).replace(old, new, 1), encoding="utf-8")


def seconds(place: Path, *arguments: str) -> float:
    """Of the processor, for one run and all that it started."""
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    before = os.times()
    done = subprocess.run(
        [sys.executable, "-m", "meshlint", *arguments],
        cwd=place,
        env=environment,
        capture_output=True,
        text=True,
    )
    after = os.times()
    if done.returncode > 1:
        raise RuntimeError(done.stderr)
    spent = after.children_user + after.children_system
    return spent - before.children_user - before.children_system


if __name__ == "__main__":
    main()
