"""One walk through the rooms with a clock in each, in a process of its own so that its memory can be told.

Usage: python -m bench.phases DIRECTORY; prints one JSON object.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import process_time

import yaml
from attrs import asdict, define, field

from meshlint.admission.admission import Admission
from meshlint.api import Project, Selection, check_project, collect
from meshlint.cli import leave_garbage
from meshlint.documents import Reading, read
from meshlint.engine.catalogue import load_catalogue
from meshlint.engine.outcome import Summary
from meshlint.engine.plan import make_plan
from meshlint.mesh import Mesh
from meshlint.mesh.parts import Later
from meshlint.mesh.settings.reading import read_settings
from meshlint.reports import ReportOptions, writer
from meshlint.resources import collect as collect_resources
from meshlint.sources import SourceFile, SourceOptions


@define
class Measurement:
    """What one walk took: seconds by phase in the order of the walk, counts, and memory at its peak."""

    seconds: dict[str, float] = field(factory=dict)
    compose_seconds: float = 0.0
    parse_seconds: float = 0.0
    schema_seconds: float = 0.0
    documents: int = 0
    findings: int = 0
    report_lines: int = 0
    source_bytes: int = 0
    peak_bytes: int = 0

    @property
    def total(self) -> float:
        """Seconds of the whole walk."""
        return sum(self.seconds.values())

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Add the time spent inside to the phase `name`, by a clock that other programs do not advance."""
        started = process_time()
        yield
        self.seconds[name] = self.seconds.get(name, 0.0) + process_time() - started


def measure(directory: Path) -> Measurement:
    """Walk through the rooms with the manifests below `directory`."""
    found = Measurement()
    with found.phase("sources"):
        files = collect([str(directory)], SourceOptions()).files
    with found.phase("documents"):
        readings = parse(files)
        documents = [document for reading in readings for document in reading.documents]
    with found.phase("resources"):
        resources = collect_resources(documents)
    with found.phase("mesh"):
        mesh = Mesh(resources, read_settings(resources, {}))
    with found.phase("checks"):
        texts = {reading.text.path: reading.text for reading in readings}
        plan = make_plan(load_catalogue(), Selection())
        outcome = check_project(Project(mesh, Admission(resources), (), texts, Later(Summary)), plan)
    with found.phase("report"):
        found.findings = len(outcome.findings)
        found.report_lines = sum(1 for _line in writer("text")(outcome, ReportOptions()))
    found.documents = len(documents)
    found.source_bytes = sum(len(file.data) for file in files)
    found.peak_bytes = peak_memory()
    compare_parsing(found, files)
    found.schema_seconds = schema_time(mesh)
    return found


def schema_time(mesh: Mesh) -> float:
    """Seconds that the rules on schemas alone take."""
    plan = make_plan(load_catalogue(), Selection(select=("SCHEMA", "UPGRADE")))
    started = process_time()
    check_project(Project(mesh, Admission(mesh.resources), (), {}, Later(Summary)), plan)
    return process_time() - started


def parse(files: Sequence[SourceFile]) -> list[Reading]:
    """Read every file as meshlint does."""
    return [read(file.path, file.data) for file in files]


def compose_only(files: Sequence[SourceFile]) -> list[list[yaml.Node]]:
    """What libyaml's C parser alone composes from the same bytes."""
    return [list(yaml.compose_all(file.data, Loader=yaml.CLoader)) for file in files]


def compare_parsing(found: Measurement, files: Sequence[SourceFile]) -> None:
    """Time both ways of reading, one after the other.

    Both keep what they made, as a run does, so that the garbage collector has the same to look through.
    """
    started = process_time()
    parse(files)
    between = process_time()
    compose_only(files)
    found.parse_seconds = between - started
    found.compose_seconds = process_time() - between


def peak_memory() -> int:
    """The most memory this process has held, in bytes; 0 where the system does not tell."""
    try:
        from resource import RUSAGE_SELF, getrusage
    except ImportError:
        return 0
    peak = getrusage(RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


if __name__ == "__main__":
    leave_garbage()
    print(json.dumps(asdict(measure(Path(sys.argv[1])))))
