"""One root cause, one finding: on real manifests no two rules speak of the same value of an object."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations
from pathlib import Path

import pytest

from meshlint.api import ReadOptions, Selection, check_project, collect, read_sources
from meshlint.engine.catalogue import load_catalogue
from meshlint.engine.finding import Location
from meshlint.engine.outcome import Outcome
from meshlint.engine.plan import make_plan
from meshlint.engine.rule import Severity
from meshlint.sources import SourceOptions
from tests.shared import SHARED, needs_shared

REPOSITORIES = sorted((SHARED / "corpus").iterdir()) if SHARED.is_dir() else []
PARAMETERS = [pytest.param(path, id=path.name) for path in REPOSITORIES if path.is_dir()]

JUSTIFIED = {
    (
        "GATEWAY064",
        "GATEWAY065",
    ): "the Secret holds no certificate today, and two servers would share what it is to hold",
    (
        "SCHEMA001",
        "SCHEMA003",
    ): "an unknown field is there and another one is missing: both stand on their holder",
    (
        "SCHEMA003",
        "UPGRADE003",
    ): "the field goes away with a later release, and what it holds is incomplete today",
    ("SCHEMA007", "UPGRADE003"): "the field goes away with a later release, and excludes its neighbour today",
}
"""Pairs of rules that may meet on one value, with the reason why these are two mistakes."""


def pairs(outcome: Outcome) -> dict[tuple[str, str], list[str]]:
    """The rules that meet on a value at warning or above, with the messages of the first meeting."""
    told: dict[Location, dict[str, str]] = defaultdict(dict)
    for finding in outcome.findings:
        if finding.severity >= Severity.WARNING:
            for location in (finding.location, *finding.others):
                told[location].setdefault(finding.rule, finding.message)
    met: dict[tuple[str, str], list[str]] = {}
    for rules in told.values():
        for one, other in combinations(sorted(rules), 2):
            met.setdefault((one, other), [rules[one], rules[other]])
    return met


@needs_shared
@pytest.mark.parametrize("repository", PARAMETERS)
def test_no_two_rules_speak_of_one_value(repository: Path) -> None:
    plan = make_plan(load_catalogue(), Selection())
    met: dict[tuple[str, str], list[str]] = {}
    for directory in (repository, *sorted(path for path in repository.iterdir() if path.is_dir())):
        project = read_sources(collect([str(directory)], SourceOptions(SHARED)), ReadOptions())
        met |= pairs(check_project(project, plan))
    assert {pair: told for pair, told in met.items() if pair not in JUSTIFIED} == {}
