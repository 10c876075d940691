"""Rules that are said to judge each object of a kind alone do so: the others are taken away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pytest
import yaml

from meshlint.api.inputs.files import read_files
from meshlint.api.judging.checking import worlds_of
from meshlint.api.keeping.edit import with_only
from meshlint.api.keeping.incremental import known_of
from meshlint.api.reading.project import Project
from meshlint.checks.world import World
from meshlint.engine.catalogue import load_catalogue
from meshlint.engine.raised import Raised
from meshlint.engine.rule import ANY, Rule
from meshlint.engine.rule_file import load_rule_file
from meshlint.engine.run import Worlds, said
from meshlint.resources import Resource
from tests.api.strangers import strangers
from tests.api.test_incremental import PLAN, POLICY, around, files_of, read_again

ALONE = [(rule, kind) for rule in load_catalogue().rules for kind in rule.alone]


def projects(rule: Rule) -> Iterator[Project]:
    """The examples of a rule."""
    for objects in sets(rule):
        yield read_files(files_of({f"{n}.yaml": one for n, one in enumerate(objects)}))


def sets(rule: Rule) -> Iterator[list[dict[str, Any]]]:
    """The objects of each of the examples of a rule, those first of which it speaks."""
    for example in sorted(load_rule_file(rule).examples, key=lambda one: not one.bad):
        if example.settings:
            continue
        try:
            held = [one for text in example.files.values() for one in yaml.safe_load_all(text)]
        except yaml.YAMLError:
            continue
        yield [one for one in held if isinstance(one, dict) and "kind" in one]


def told(found: Iterable[Raised]) -> list[tuple[str, ...]]:
    findings = [one.finding for one in found]
    return sorted((one.fingerprint, one.message, str(one.location), *around(one)) for one in findings)


@pytest.mark.parametrize(("rule", "kind"), ALONE, ids=lambda one: one.id if isinstance(one, Rule) else one)
def test_others_of_the_kind_change_nothing(rule: Rule, kind: str) -> None:
    fired = 0
    for project in projects(rule):
        worlds = worlds_of(project)
        kinds = [None] if kind == ANY else [one for one in project.resources.kinds if one[1] == kind]
        for one in kinds:
            fired += judged_alone(rule, one, project, worlds)
    assert fired, "no example shows that the rule speaks of the kind"


def judged_alone(rule: Rule, kind: tuple[str, str] | None, project: Project, worlds: Worlds[World]) -> int:
    """How much is said of objects of the kind, each of which is then looked at alone."""
    found = said(PLAN, rule, worlds)

    def is_of(one: Resource | None) -> bool:
        return one is not None and (kind is None or (one.group, one.kind) == kind)

    others = [one for one in found if not is_of(one.hit.resource)]
    assert told(said(PLAN, rule, with_only(worlds, kind, ()))) == told(others)
    for resource in filter(is_of, project.resources.resources):
        own = [one for one in found if one.hit.resource is resource]
        assert told(said(PLAN, rule, with_only(worlds, kind, {resource}))) == told([*others, *own]), resource
    return len(found) - len(others)


BESIDE = [(rule, kind) for rule, kind in ALONE if kind != ANY]


@pytest.mark.parametrize(("rule", "kind"), BESIDE, ids=lambda one: one.id if isinstance(one, Rule) else one)
def test_strangers_of_the_kind_change_nothing(rule: Rule, kind: str) -> None:
    """Nothing else of the kind makes another thing of what is said of one, though it changes what happens."""
    for_kind = (one for one in sets(rule) if any(each["kind"] == kind for each in one))
    said_beside_strangers(rule, kind, next(for_kind))


@pytest.mark.slow
def test_strangers_of_the_kind_change_nothing_in_any_example() -> None:
    for rule, kind in BESIDE:
        for objects in sets(rule):
            said_beside_strangers(rule, kind, objects)


def said_beside_strangers(rule: Rule, kind: str, objects: list[dict[str, Any]]) -> None:
    whole = [one for one in objects if isinstance(one.get("metadata"), dict)]
    for stranger in strangers(kind, whole):
        held = {f"{n}.yaml": one for n, one in enumerate([*whole, stranger])}
        project = read_files(files_of(held))
        worlds = worlds_of(project)
        found = said(PLAN, rule, worlds)
        for one in project.resources.resources:
            if one.kind == kind and one.document.file != f"{len(whole)}.yaml":
                alone = said(PLAN, rule, with_only(worlds, (one.group, one.kind), {one}))
                assert of(one, alone) == of(one, found), stranger


def of(resource: Resource, found: Iterable[Raised]) -> list[tuple[str, ...]]:
    return told(one for one in found if one.hit.resource is resource)


GATEWAY = """apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge, namespace: shop}
spec:
  gatewayClassName: istio
  allowedListeners: {namespaces: {from: Same}}
  listeners: [{name: http, port: PORT, protocol: HTTP}]
"""
LISTENERS = """apiVersion: gateway.networking.k8s.io/v1
kind: ListenerSet
metadata: {name: more, namespace: shop}
spec: {parentRef: {name: edge}, listeners: [{name: http, port: 81, protocol: HTTP}]}
"""


@pytest.mark.parametrize(("before", "after"), [("80", "81"), ("81", "80")])
def test_a_rule_that_speaks_of_other_kinds_too_is_asked_again(before: str, after: str) -> None:
    first, last = (
        {"a.yaml": yaml.safe_load(GATEWAY.replace("PORT", one)), "b.yaml": yaml.safe_load(LISTENERS)}
        for one in (before, after)
    )
    project = read_files(files_of(first))
    known = known_of(project, PLAN)
    assert known is not None
    outcome = known.after(read_again(last, project, first), POLICY)
    assert outcome is not None
    assert ("GATEWAY110" in {one.rule for one in outcome.findings}) == (after == "81")
