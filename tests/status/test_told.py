"""The table of conditions and rules in docs/status.md is whole, and the rules do tell them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

from meshlint.api import Project, ReadOptions, Selection, check_project, read_texts
from meshlint.engine.catalogue import load_catalogue
from meshlint.engine.plan import make_plan
from meshlint.reports.status.answer import ObjectStatus, StatusCondition
from tests.cases import test_gateway_conformance as conformance
from tests.cases import test_gateway_status as recorded
from tests.shared import needs_shared

DOCS = Path(__file__).parents[2] / "docs" / "status.md"
_POLICIES = ("BackendTLSPolicy", "XBackendTrafficPolicy")


@cache
def _table() -> dict[tuple[str, str, str], frozenset[str]]:
    """The rules that tell a condition, by its place, its type and its reason; none where another does."""
    rows = re.findall(r"^\| (\w+) \| `(\w+)` \| `(\w+)` \| (.*) \|$", DOCS.read_text(), re.MULTILINE)
    return {(of, kind, reason): frozenset(re.findall(r"\[(\w+)\]", told)) for of, kind, reason, told in rows}


def _place(one: ObjectStatus) -> str:
    if one.kind.endswith("Route"):
        return "route"
    return "policy" if one.kind in _POLICIES else one.kind.removeprefix("X")


def _bad(one: ObjectStatus) -> Iterator[tuple[str, StatusCondition]]:
    """What is not met of an object, with the place as the table calls it."""
    here = [*one.conditions, *(each for part in (*one.parents, *one.ancestors) for each in part.conditions)]
    inner = [each for listener in one.listeners for each in listener.conditions]
    yield from ((_place(one), each) for each in here if each.is_bad)
    yield from (("listener", each) for each in inner if each.is_bad)


def _untold(project: Project) -> Iterator[str]:
    """Conditions that are not met and of which no rule of the table speaks, on the object itself."""
    plan = make_plan(load_catalogue(), Selection(select=tuple(sorted(frozenset().union(*_table().values())))))
    told: dict[str, set[str]] = {}
    for finding in check_project(project, plan).findings:
        told.setdefault(str(finding.object), set()).add(finding.rule)
    for one in project.status().objects if not project.admission.refused else ():
        rules = told.get(f"{one.kind} {one.namespace}/{one.name}", set())
        for place, each in _bad(one):
            wanted = _table().get((place, each.type, each.reason))
            if wanted is None:
                yield f"{place} {each.type} {each.reason} is not in the table"
            elif wanted and not wanted & rules:
                yield f"{one.kind} {one.name}: {each.type} {each.reason} is told by {sorted(rules)}"


def _inputs() -> dict[str, Path]:
    held = sorted((recorded.CASES / "inputs").iterdir()) if recorded.CASES.is_dir() else []
    return {path.stem: path for path in held}


def _texts(name: str) -> Mapping[str, str]:
    path = _inputs().get(name)
    if path is None:
        return conformance.texts(conformance.ISTIO, name)
    world = "\n---\n".join(json.dumps(one) for one in recorded._world())
    return {path.name: path.read_text(), "world.yaml": world}


@needs_shared
@pytest.mark.parametrize("name", [*_inputs(), *conformance._expected()])
def test_what_is_not_met_is_told_by_a_rule(name: str) -> None:
    project = read_texts(_texts(name), ReadOptions(complete=True))
    assert sorted(set(_untold(project))) == []


def test_the_table_names_rules_that_there_are() -> None:
    known = {rule.id for rule in load_catalogue().rules}
    assert frozenset().union(*_table().values()) <= known
    assert len(_table()) > 40
