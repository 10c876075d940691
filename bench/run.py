"""Measure meshlint on synthetic meshes: `make bench`.

Prints the time of each phase, documents per second, peak memory, how the time grows when the mesh doubles,
how parsing compares with libyaml alone, which part of the time the rules on schemas take, and what one small
file costs from process start to exit. Every comparison is between two things measured in the same run, so a
slow or busy machine does not change the verdict.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from compileall import compile_dir
from functools import reduce
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from attrs import evolve

from bench.access import POLICIES, Asked
from bench.generate import write_mesh
from bench.phases import Measurement

PACKAGE = Path(__file__).resolve().parent.parent / "meshlint"
SIZES = (500, 1000, 2000)
STARTS = 15
MEBIBYTE = 1024 * 1024
GROWTH_LIMIT = 2.3
PARSE_LIMIT = 1.5
START_LIMIT = 30.0
MANY_SERVICES = 4000
ROUTES_LIMIT = 1.0
ACCESS_LIMIT = 1.5
QUESTIONS = ("check", "to", "matrix")
SCHEMA_LIMIT = 0.25


def main() -> int:
    """Measure, print, and return 1 if a limit is passed."""
    arguments = _arguments()
    with TemporaryDirectory() as scratch:
        measurements = measured(arguments.sizes, arguments.rounds, Path(scratch))
        asked = asked_for_access(arguments.sizes, arguments.rounds, Path(scratch))
        decided = _ask(Path(scratch), "decisions")
        start, bare = start_up(Path(scratch))
        many = many_routes(arguments.rounds)
    for line in table(measurements):
        print(line)
    verdicts = [
        *growth(measurements),
        *parsing(measurements),
        *schema_share(measurements),
        routes(many, measurements),
        *accessing(asked),
        _verdict("start-up", start / bare, START_LIMIT),
    ]
    print(f"\none small file {start * 1000:.0f} ms, python -c pass {bare * 1000:.0f} ms\n")
    for line in access_table(asked):
        print(line)
    rate = decided.answers / decided.seconds
    print(f"\n{rate:.0f} decisions a second with {POLICIES} policies on a workload (wanted: 5000)\n")
    print("\n".join(line for line, _ in verdicts))
    return 0 if all(held for _, held in verdicts) else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure meshlint on synthetic meshes.")
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES), help="numbers of services")
    parser.add_argument("--rounds", type=int, default=4, help="walks per size; the fastest counts")
    return parser.parse_args()


def measured(sizes: Sequence[int], rounds: int, scratch: Path) -> dict[int, Measurement]:
    """Walks through meshes of these sizes, each in a process of its own, and the fastest time of each phase.

    The sizes take turns, so that a machine that is busy for a while slows all of them.
    """
    for size in sizes:
        write_mesh(scratch / str(size), size)
    walks = [{size: _walk(scratch / str(size)) for size in sizes} for _round in range(rounds)]
    return {size: reduce(fastest, (walk[size] for walk in walks)) for size in sizes}


def asked_for_access(sizes: Sequence[int], rounds: int, scratch: Path) -> dict[int, dict[str, Asked]]:
    """What each question takes on meshes that are written already, the fastest of `rounds`."""
    rows = [
        {size: {question: _ask(scratch / str(size), question) for question in QUESTIONS} for size in sizes}
        for _round in range(rounds)
    ]
    return {
        size: {
            question: min((row[size][question] for row in rows), key=lambda one: one.seconds)
            for question in QUESTIONS
        }
        for size in sizes
    }


def _ask(directory: Path, question: str) -> Asked:
    command = [sys.executable, "-m", "bench.access", str(directory), question]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return Asked(**json.loads(done.stdout))


def access_table(asked: dict[int, dict[str, Asked]]) -> list[str]:
    """One row per question, one column per size."""
    rows = [
        (f"access {question}, s", [f"{asked[size][question].seconds:.3f}" for size in asked])
        for question in QUESTIONS
    ]
    rows.append(("edges", [str(asked[size]["matrix"].answers) for size in asked]))
    return [f"{name:<18}" + "".join(f"{cell:>10}" for cell in cells) for name, cells in rows]


def accessing(asked: dict[int, dict[str, Asked]]) -> list[tuple[str, bool]]:
    """One workload against a check of the same mesh, and how the matrix grows as if its edges had doubled."""
    found = [
        _verdict(f"access --to {size}", one["to"].seconds / one["check"].seconds, ACCESS_LIMIT)
        for size, one in asked.items()
    ]
    for small, large in pairwise(sorted(asked)):
        less, more = asked[small]["matrix"], asked[large]["matrix"]
        ratio = 2 * (more.seconds / less.seconds) / (more.answers / less.answers)
        found.append(_verdict(f"matrix {small} -> {large}", ratio, GROWTH_LIMIT))
    return found


def fastest(one: Measurement, other: Measurement) -> Measurement:
    """The lesser time of each phase: noise only ever adds."""
    return evolve(
        one,
        seconds={phase: min(taken, other.seconds[phase]) for phase, taken in one.seconds.items()},
        parse_seconds=min(one.parse_seconds, other.parse_seconds),
        compose_seconds=min(one.compose_seconds, other.compose_seconds),
        schema_seconds=min(one.schema_seconds, other.schema_seconds),
    )


def _walk(directory: Path) -> Measurement:
    command = [sys.executable, "-m", "bench.phases", str(directory)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return Measurement(**json.loads(done.stdout))


def schema_share(measurements: dict[int, Measurement]) -> list[tuple[str, bool]]:
    """How much of the whole the rules on schemas take."""
    return [
        _verdict(f"schemas {size}", found.schema_seconds / found.total, SCHEMA_LIMIT)
        for size, found in measurements.items()
    ]


def start_up(scratch: Path) -> tuple[float, float]:
    """Seconds to check one small file, and seconds of `python -c pass`, process start included.

    The package is compiled first, as it is wherever it was installed from a wheel.
    """
    compile_dir(PACKAGE, quiet=2)
    small = scratch / "small"
    write_mesh(small, 1)
    check = [sys.executable, "-m", "meshlint", "check", str(small / "team-0" / "service-0.yaml")]
    empty = [sys.executable, "-c", "pass"]
    pairs = [(_seconds(check), _seconds(empty)) for _ in range(STARTS)]
    return min(one for one, _ in pairs), min(other for _, other in pairs)


def _seconds(command: Sequence[str]) -> float:
    started = perf_counter()
    done = subprocess.run(command, capture_output=True, text=True)
    taken = perf_counter() - started
    if done.returncode not in (0, 1):
        raise SystemExit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr}")
    return taken


def table(measurements: dict[int, Measurement]) -> list[str]:
    """One row per phase, one column per size."""
    columns = list(measurements.values())
    rows = [("services", [str(size) for size in measurements])]
    rows += [
        (f"{phase}, s", [f"{column.seconds[phase]:.3f}" for column in columns])
        for phase in columns[0].seconds
    ]
    rows += [
        ("total, s", [f"{column.total:.3f}" for column in columns]),
        ("documents", [str(column.documents) for column in columns]),
        ("findings", [str(column.findings) for column in columns]),
        ("documents/s", [f"{column.documents / column.total:.0f}" for column in columns]),
        ("manifests, MiB", [f"{column.source_bytes / MEBIBYTE:.1f}" for column in columns]),
        ("peak memory, MiB", [f"{column.peak_bytes / MEBIBYTE:.0f}" for column in columns]),
    ]
    return [f"{name:<18}" + "".join(f"{cell:>10}" for cell in cells) for name, cells in rows]


def growth(measurements: dict[int, Measurement]) -> list[tuple[str, bool]]:
    """How the time grows from each size to the next, as if the size had doubled."""
    return [
        _verdict(
            f"growth {small} -> {large}",
            2 * (measurements[large].total / measurements[small].total) / (large / small),
            GROWTH_LIMIT,
        )
        for small, large in pairwise(sorted(measurements))
    ]


def parsing(measurements: dict[int, Measurement]) -> list[tuple[str, bool]]:
    """How long reading takes compared with composing the same bytes with libyaml's C parser alone."""
    return [
        _verdict(f"parsing {size}", found.parse_seconds / found.compose_seconds, PARSE_LIMIT)
        for size, found in measurements.items()
    ]


def many_routes(rounds: int) -> dict[str, float]:
    """Seconds to find what is never reached among 1,000 routes of each form, the fastest of some runs."""
    command = [sys.executable, "-m", "bench.routes"]
    runs: list[dict[str, float]] = []
    for _round in range(rounds):
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        runs.append(json.loads(done.stdout))
    return {form: min(run[form] for run in runs) for form in runs[0]}


def routes(many: Mapping[str, float], measurements: dict[int, Measurement]) -> tuple[str, bool]:
    """The slowest form of 1,000 routes in one VirtualService, by the time to parse 4,000 services."""
    size = max(measurements)
    parsing_all = measurements[size].seconds["documents"] * MANY_SERVICES / size
    form = max(many, key=lambda form: many[form])
    return _verdict(f"1000 routes: {form}", many[form] / parsing_all, ROUTES_LIMIT)


def _verdict(name: str, ratio: float, limit: float) -> tuple[str, bool]:
    held = ratio <= limit
    return f"{name:<20} {ratio:6.2f} times, limit {limit:g}  {'ok' if held else 'TOO SLOW'}", held


if __name__ == "__main__":
    sys.exit(main())
