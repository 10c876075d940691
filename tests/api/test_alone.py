"""Rules that are said to judge each object of a kind alone do so: the others are taken away."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
import yaml

from meshlint.api.after.edit import with_only
from meshlint.api.after.incremental import Known, known_of
from meshlint.api.inputs.files import read_files
from meshlint.api.judging.checking import check_project
from meshlint.api.judging.worlds import worlds_of
from meshlint.api.reading.project import Project
from meshlint.checks.world import World
from meshlint.engine.catalogue import load_catalogue
from meshlint.engine.outcome import Outcome
from meshlint.engine.raised import Raised
from meshlint.engine.rule import ANY, Rule
from meshlint.engine.rule_file import load_rule_file
from meshlint.engine.run import Worlds, said
from meshlint.resources import Resource
from meshlint.resources.order import Kind
from tests.api.strangers import strangers
from tests.api.test_incremental import PLAN, POLICY, around, examples, files_of, read_again

_COMPANIONS = 8
ALONE = [(rule, kind) for rule in load_catalogue().rules for kind in rule.alone]


def objects_of(rule: Rule) -> Iterator[list[Any]]:
    """The objects of each example of a rule."""
    for example in load_rule_file(rule).examples:
        if example.settings:
            continue
        try:
            held = [one for text in example.files.values() for one in yaml.safe_load_all(text)]
        except yaml.YAMLError:
            continue
        yield [one for one in held if isinstance(one, dict) and "kind" in one]


def projects(rule: Rule) -> Iterator[Project]:
    """The examples of a rule."""
    for objects in objects_of(rule):
        yield read_files(files_of({f"{n}.yaml": one for n, one in enumerate(objects)}))


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


def only(worlds: Worlds[World], kind: Kind | None, shown: frozenset[Resource]) -> Worlds[World]:
    return with_only(worlds, None if kind is None else {kind: shown}, shown)


def judged_alone(rule: Rule, kind: tuple[str, str] | None, project: Project, worlds: Worlds[World]) -> int:
    """How much is said of objects of the kind, each of which is then looked at alone."""
    found = said(PLAN, rule, worlds)

    def is_of(one: Resource | None) -> bool:
        return one is not None and (kind is None or (one.group, one.kind) == kind)

    others = [one for one in found if not is_of(one.hit.resource)]
    assert told(said(PLAN, rule, only(worlds, kind, frozenset()))) == told(others)
    for resource in filter(is_of, project.resources.resources):
        own = [one for one in found if one.hit.resource is resource]
        assert told(said(PLAN, rule, only(worlds, kind, frozenset({resource})))) == told([*others, *own]), (
            resource
        )
    return len(found) - len(others)


def companions(rule: Rule, kind: str, chance: random.Random) -> Iterator[dict[str, Any]]:
    """An example of a rule with objects of the kind from others, which are for the same pods or hosts."""
    own = [one for one in objects_of(rule) if any(each["kind"] == kind for each in one)]
    others = [one for one in examples() if any(each["kind"] == kind for each in one)]
    for _ in range(_COMPANIONS if own else 0):
        base = chance.choice(own)
        model = next(one for one in base if one["kind"] == kind)
        brought = [one for one in chance.choice(others) if one["kind"] == kind]
        more = [alike(one, model, chance) for one in brought]
        yield {f"{n}.yaml": one for n, one in enumerate((*base, *more))}


def alike(one: dict[str, Any], model: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """A copy of an object under another name that takes over what a model is for."""
    copy: dict[str, Any] = json.loads(json.dumps(one, default=str))
    own, meant = copy.get("spec"), model.get("spec")
    metadata = dict(model.get("metadata") or {})
    place = (metadata if chance.random() < 0.7 else copy["metadata"]).get("namespace")
    copy["metadata"] = {**metadata, "name": f"{metadata.get('name')}-{chance.randrange(9)}"}
    copy["metadata"] |= {"namespace": place} if place else {}
    for key in ("selector", "host", "hosts", "targetRefs"):
        if isinstance(own, dict) and isinstance(meant, dict) and chance.random() < 0.8:
            own.pop(key, None)
            own |= {key: meant[key]} if key in meant else {}
    return copy


def misjudged(rule: Rule, kind: str, project: Project) -> list[Resource]:
    """The objects of the kind of which a rule says something else where each is the only one."""
    worlds = worlds_of(project)
    found = said(PLAN, rule, worlds)
    kinds = [each for each in project.resources.kinds if each[1] == kind]

    def differs(one: Resource) -> bool:
        alone = said(PLAN, rule, with_only(worlds, {each: frozenset({one}) for each in kinds}))
        return of(one, alone) != of(one, found)

    return [one for one in project.resources.resources if one.kind == kind and differs(one)]


@pytest.mark.parametrize(("rule", "kind"), ALONE, ids=lambda one: one.id if isinstance(one, Rule) else one)
def test_companions_for_the_same_pods_and_hosts_change_nothing(rule: Rule, kind: str) -> None:
    for objects in companions(rule, kind, random.Random(rule.id)):
        assert not misjudged(rule, kind, read_files(files_of(objects)))


@pytest.mark.parametrize(("id", "kind"), [("MTLS034", "PeerAuthentication"), ("ROUTE042", "VirtualService")])
def test_companions_tell_a_rule_that_does_not_judge_alone(id: str, kind: str) -> None:
    rule = next(one for one in load_catalogue().rules if one.id == id)
    sets = companions(rule, kind, random.Random(1))
    assert any(misjudged(rule, kind, read_files(files_of(one))) for one in sets)


def test_what_another_object_kept_from_being_told_is_told_when_that_is_gone() -> None:
    id, kind = "MTLS034", "PeerAuthentication"
    rule = next(one for one in load_catalogue().rules if one.id == id)
    appeared = 0
    for objects in companions(rule, kind, random.Random(1)):
        project = read_files(files_of(objects))
        known = known_of(project, PLAN)
        for name in [name for name, one in objects.items() if one["kind"] == kind]:
            left = {other: one for other, one in objects.items() if other != name}
            outcome = known.after(read_again(left, project, objects), POLICY) if known is not None else None
            if outcome is not None:
                cold = check_project(read_files(files_of(left)), PLAN, POLICY)
                assert ids_of(outcome) == ids_of(cold)
                appeared += ids_of(outcome).count(id) > [one.rule.id for one in said_of(known)].count(id)
    assert appeared


def ids_of(outcome: Outcome) -> list[str]:
    return sorted(one.rule for one in outcome.findings)


def said_of(known: Known | None) -> list[Raised]:
    return [one for each in known.said.values() for one in each.raised] if known is not None else []


BESIDE = [(rule, kind) for rule, kind in ALONE if kind != ANY]


@pytest.mark.parametrize(("rule", "kind"), BESIDE, ids=lambda one: one.id if isinstance(one, Rule) else one)
def test_strangers_of_the_kind_change_nothing(rule: Rule, kind: str) -> None:
    """Nothing else of the kind makes another thing of what is said of one, though it changes what happens."""
    held = sorted(objects_of(rule), key=len, reverse=True)
    said_beside_strangers(rule, kind, next(one for one in held if any(each["kind"] == kind for each in one)))


@pytest.mark.slow
def test_strangers_of_the_kind_change_nothing_in_any_example() -> None:
    for rule, kind in BESIDE:
        for objects in objects_of(rule):
            said_beside_strangers(rule, kind, objects)


def said_beside_strangers(rule: Rule, kind: str, objects: list[Any]) -> None:
    whole = [one for one in objects if isinstance(one.get("metadata"), dict)]
    for stranger in strangers(kind, whole):
        held = {f"{n}.yaml": one for n, one in enumerate([*whole, stranger])}
        found = misjudged(rule, kind, read_files(files_of(held)))
        assert not [one for one in found if one.document.file != f"{len(whole)}.yaml"], (rule.id, stranger)


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
