"""A race: meshlint, other checkouts of it and its peers on the same sets, in turns.

Usage: python -m bench.race [--sets NAME ...] [--sizes N ...] [--directory DIR ...] [--against CHECKOUT ...]
[--rounds N] [--history FILE]. Prints the processor's time, the time that passes and the memory at its peak,
each as a multiple of what PyYAML's C loader takes for the same files in the same run, so that figures of
different machines can be laid side by side; and by which power of the size the time grows. `istioctl`,
`kube-linter` and `kubeconform` run where they are installed. A history, bench/history.jsonl, gets a line for
each set and size.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from math import log
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from attrs import asdict, frozen

from bench.generate import synthetic_mesh
from bench.hurting import SETS, Texts

PROJECT = Path(__file__).resolve().parent.parent
ALL_SETS = {"mesh": synthetic_mesh, **SETS}
YARDSTICK = "yaml"
_LOADING = """\
import sys, yaml
from pathlib import Path
for path in sorted(Path(sys.argv[1]).rglob("*.y*ml")):
    try:
        list(yaml.load_all(path.read_bytes(), Loader=yaml.CSafeLoader))
    except (yaml.YAMLError, ValueError):
        pass
"""
_PEERS: Mapping[str, Sequence[str]] = {
    "istioctl": ("analyze", "--use-kube=false", "--recursive"),
    "kube-linter": ("lint",),
    "kubeconform": ("-summary", "-ignore-missing-schemas"),
}


@frozen
class Contestant:
    """Who runs: a command that takes a directory at its end, and what it needs in its environment."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = {}


@frozen
class Cost:
    """What one run took: seconds of the processor, seconds that passed, and bytes at the peak."""

    cpu: float
    wall: float
    memory: float

    def beside(self, other: Cost) -> Cost:
        """As multiples of what another one took."""
        return Cost(self.cpu / other.cpu, self.wall / other.wall, self.memory / other.memory)


def main() -> None:
    """Run everybody on every set, and print and keep the figures."""
    given = _arguments()
    racing = list(contestants(given.against))
    with TemporaryDirectory() as scratch:
        for name, sizes in _places(given, Path(scratch)).items():
            costs = {size: costs_of(racing, place, given.rounds) for size, place in sizes.items()}
            for line in lines(name, costs):
                print(line, flush=True)
            if given.history:
                _keep(given.history, name, costs)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Race meshlint against its peers and its past.")
    parser.add_argument("--sets", nargs="*", choices=list(ALL_SETS), default=["mesh"])
    parser.add_argument("--sizes", nargs="*", type=int, default=[500, 1000, 2000])
    parser.add_argument("--directory", nargs="*", type=Path, default=[], help="manifests that are there")
    parser.add_argument("--against", nargs="*", type=Path, default=[], help="other checkouts")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each; the cheapest counts")
    parser.add_argument("--history", type=Path, help="a file to add the figures to")
    return parser.parse_args()


def _places(given: argparse.Namespace, scratch: Path) -> dict[str, dict[int, Path]]:
    """The directories of each set, by size; those that are there count their files."""
    found: dict[str, dict[int, Path]] = {}
    for name in given.sets if given.sizes else ():
        for size in given.sizes:
            place = scratch / name.replace(" ", "-") / str(size)
            _write(ALL_SETS[name](size), place)
            found.setdefault(name, {})[size] = place
    for place in given.directory:
        files = sum(1 for _ in place.rglob("*.y*ml"))
        found[place.resolve().name] = {files: place.resolve()}
    return found


def _write(texts: Texts, place: Path) -> None:
    for path, text in texts.items():
        (place / path).parent.mkdir(parents=True, exist_ok=True)
        (place / path).write_text(text, encoding="utf-8")


def contestants(others: Sequence[Path]) -> Iterator[Contestant]:
    """The yardstick first, then meshlint with one process and with all, other checkouts, and peers."""
    yield Contestant(YARDSTICK, (sys.executable, "-c", _LOADING))
    check = (sys.executable, "-m", "meshlint", "check")
    here = {"PYTHONPATH": str(PROJECT)}
    yield Contestant("meshlint, one process", (*check, "--no-cache", "--jobs", "1"), here)
    yield Contestant("meshlint", (*check, "--no-cache"), here)
    for other in others:
        yield Contestant(other.name, check, {"PYTHONPATH": str(other.resolve())})
    for name, options in _PEERS.items():
        if shutil.which(name):
            yield Contestant(name, (name, *options))


def costs_of(racing: Sequence[Contestant], place: Path, rounds: int) -> dict[str, Cost]:
    """What each takes for the manifests below `place`: the least of several runs, in turns."""
    runs = [[cost(one, place) for one in racing] for _ in range(rounds)]
    return {
        one.name: Cost(*(min(getattr(run, part) for run in column) for part in ("cpu", "wall", "memory")))
        for one, column in zip(racing, zip(*runs, strict=True), strict=True)
    }


def cost(one: Contestant, place: Path) -> Cost:
    """What one run takes, with all the processes that it starts; its verdict does not matter."""
    environment = {**os.environ, **one.environment}
    started = perf_counter()
    process = subprocess.Popen(
        [*one.command, str(place)],
        cwd=place.anchor,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode < 0:
        raise RuntimeError(f"{one.name} was killed")
    return Cost(used.ru_utime + used.ru_stime, perf_counter() - started, used.ru_maxrss * 1024.0)


def lines(name: str, costs: Mapping[int, Mapping[str, Cost]]) -> Iterator[str]:
    """A table of one set, and how everybody's time grows."""
    yield f"\n| {name} | who | cpu | time | memory |\n|---:|---|---:|---:|---:|"
    for size, taken in costs.items():
        for who, spent in taken.items():
            part = spent.beside(taken[YARDSTICK])
            yield f"| {size:,} | {who} | {part.cpu:.2f} | {part.wall:.2f} | {part.memory:.2f} |"
    for who, power in growth(costs).items():
        yield f"{who}: grows by the power of {power:.2f}"


def growth(costs: Mapping[int, Mapping[str, Cost]]) -> dict[str, float]:
    """The steepest power of the size by which everybody's processor time grows from one size to the next."""
    found: dict[str, float] = {}
    for (size, taken), (larger, later) in pairwise(sorted(costs.items())):
        for who in taken:
            power = log(later[who].cpu / taken[who].cpu) / log(larger / size)
            found[who] = max(power, found.get(who, power))
    return found


def _keep(history: Path, name: str, costs: Mapping[int, Mapping[str, Cost]]) -> None:
    commit = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=PROJECT, capture_output=True, text=True, check=True
    ).stdout.strip()
    with history.open("a", encoding="utf-8") as kept:
        for size, taken in costs.items():
            row = {"commit": commit, "set": name, "size": size, "times_yaml": dict(_figures(taken))}
            kept.write(json.dumps(row) + "\n")


def _figures(taken: Mapping[str, Cost]) -> Iterator[tuple[str, Mapping[str, float]]]:
    for who, spent in taken.items():
        if who != YARDSTICK:
            part = spent.beside(taken[YARDSTICK])
            yield who, {figure: round(multiple, 3) for figure, multiple in asdict(part).items()}


if __name__ == "__main__":
    main()
