"""What is kept over an edit is what would be said anew: over random edits of objects of all kinds."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from itertools import islice
from typing import Any

import pytest
import yaml

from meshlint.api import CheckOptions
from meshlint.api.after.edit import Edit
from meshlint.api.after.incremental import known_of
from meshlint.api.inputs.files import read_files
from meshlint.api.judging.checking import check_project, plan_of
from meshlint.api.reading.project import Project
from meshlint.engine.catalogue import load_catalogue
from meshlint.engine.examine import Policy
from meshlint.engine.finding import Finding
from meshlint.engine.outcome import Outcome
from meshlint.engine.plan import Selection
from meshlint.engine.rule import Profile
from meshlint.engine.rule_file import load_rule_file

POLICY = Policy(date(2026, 1, 1), group_after=0)
PLAN = plan_of(CheckOptions(selection=Selection(profile=Profile.STRICT)))
HEAD = ("apiVersion", "kind", "metadata")
MOST_VALUES = 50_000
SETTINGS = ("IstioOperator", "Istio", "ConfigMap", "HelmRelease", "Kustomization", "Application")


@cache
def examples() -> tuple[tuple[Any, ...], ...]:
    """The objects of each example of each rule."""
    found = []
    for rule in load_catalogue().rules:
        for example in load_rule_file(rule).examples:
            try:
                held = [one for text in example.files.values() for one in yaml.safe_load_all(text)]
            except yaml.YAMLError:
                continue
            objects = tuple(bounded(one) for one in held if isinstance(one, dict) and "kind" in one)
            found += [objects] if objects and not example.settings else []
    return tuple(found)


def bounded(one: dict[str, Any]) -> dict[str, Any]:
    """An object as it is, or the head of one whose aliases grow out of all bounds as text."""
    is_endless = sum(1 for _ in islice(values_in(one), MOST_VALUES)) == MOST_VALUES
    return {key: one[key] for key in HEAD if key in one} if is_endless else one


def values_in(value: Any) -> Iterator[Any]:
    yield value
    held = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for one in held:
        yield from values_in(one)


def files_of(objects: Mapping[str, Any]) -> dict[str, bytes]:
    return {name: json.dumps(value, default=str).encode() for name, value in objects.items()}


def read_again(objects: Mapping[str, Any], earlier: Project, before: Mapping[str, Any]) -> Project:
    files, old = files_of(objects), files_of(before)
    known = {(one.text.path, old[one.text.path]): one for one in earlier.readings}
    return read_files(files, earlier.options, earlier, known)


def edits(chance: random.Random, objects: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Sets that differ by an object each from the one before: it comes, goes or says otherwise."""
    for step in range(4):
        names = sorted(objects)
        name = chance.choice(names)
        objects = dict(objects)
        what = chance.randrange(5)
        if what == 0 and len(objects) > 1:
            del objects[name]
        elif what == 1:
            objects[f"new{step}.yaml"] = chance.choice(chance.choice(examples()))
        elif what == 2:
            other = chance.choice(chance.choice(examples()))
            objects[name] = {**objects[name], "spec": other.get("spec", {})}
        else:
            objects[name] = changed(chance, objects[name])
        yield objects


def changed(chance: random.Random, value: Any) -> Any:
    """A copy with one of its values another one."""
    copy = json.loads(json.dumps(value, default=str))
    places: list[tuple[Any, Any]] = []

    def walk(one: Any) -> None:
        for key, held in one.items() if isinstance(one, dict) else enumerate(one):
            if isinstance(held, (dict, list)):
                walk(held)
            elif key not in ("kind", "apiVersion"):
                places.append((one, key))

    walk(copy)
    if places:
        holder, key = chance.choice(places)
        words = ["a", "*", "STRICT", "DISABLE", 80, 8080, True, "default", "web", "reviews", holder[key], ""]
        holder[key] = chance.choice(words)
    return copy


def told(outcome: Outcome) -> list[tuple[str, ...]]:
    findings = sorted(
        (one.rule, one.fingerprint, one.message, str(one.location), str(one.severity), *around(one))
        for one in outcome.findings
    )
    return [*findings, tuple(outcome.summary.notes), (str(outcome.summary.unresolved),)]


def around(finding: Finding) -> tuple[str, ...]:
    return tuple(f"{place.location} {place.message}" for place in finding.related)


def compared(seed: int) -> tuple[int, int]:
    """How many edits were answered with what was kept, and how many rules were not asked again."""
    chance = random.Random(seed)
    drawn = [one for _ in range(chance.randint(1, 4)) for one in chance.choice(examples())]
    objects = {f"{number}.yaml": one for number, one in enumerate(drawn)}
    project = read_files(files_of(objects))
    known, answered, kept = known_of(project, PLAN), 0, 0
    for after in edits(chance, objects):
        project, before, objects = read_again(after, project, objects), project, after
        cold = told(check_project(read_files(files_of(objects)), PLAN, POLICY))
        outcome = known.after(project, POLICY) if known is not None else None
        if outcome is not None and known is not None:
            assert told(outcome) == cold, f"seed {seed}"
            answered += 1
            edit = Edit(before, project)
            kept += sum(not edit.concerns(one.reads) for one in known.said.values())
            known = known.moved(project)
            assert known is not None
            again = known.after(project, POLICY)
            assert again is not None
            assert told(again) == cold
        else:
            known = known_of(project, PLAN)
    return answered, kept


def test_what_is_kept_is_what_would_be_said_anew() -> None:
    counts = [compared(seed) for seed in (*range(40), 1310)]
    assert sum(answered for answered, _ in counts) > 40
    assert sum(kept for _, kept in counts) > 1000


@pytest.mark.slow
def test_what_is_kept_is_what_would_be_said_anew_over_thousands_of_edits() -> None:
    for seed in range(1000, 3000):
        compared(seed)
