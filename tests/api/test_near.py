"""What an edit is near to is all that it concerns: over random edits of meshes in several namespaces."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from bench.generate import synthetic_mesh
from meshlint.api.after.edit import Edit
from meshlint.api.after.incremental import known_of
from meshlint.api.inputs.files import read_files
from meshlint.api.judging.checking import check_project
from meshlint.engine.rule import Rule
from tests.api.test_incremental import PLAN, POLICY, changed, examples, files_of, read_again, told

SERVICES, TEAMS = 6, 3
PLACES = (*(f"team-{n}" for n in range(TEAMS)), "elsewhere")
ROOT = "istio-system"
POLICIES = ("AuthorizationPolicy", "PeerAuthentication", "RequestAuthentication")
ROUTING = ("VirtualService", "DestinationRule")
LEADING = ("Service", "ServiceEntry", "Gateway", "Sidecar", "Deployment")


def place(number: int) -> str:
    return f"team-{number % TEAMS}"


def mesh() -> Iterator[dict[str, Any]]:
    """The objects of a synthetic mesh, its services spread over namespaces."""
    for number, text in enumerate(synthetic_mesh(SERVICES).values()):
        for one in range(SERVICES):
            text = text.replace(f"service-{one}.team-0", f"service-{one}.{place(one)}")
            text = text.replace(f"ns/team-0/sa/service-{one}", f"ns/{place(one)}/sa/service-{one}")
        yield from yaml.safe_load_all(text.replace("namespace: team-0", f"namespace: {place(number)}"))


def added(chance: random.Random) -> Iterator[dict[str, Any]]:
    """Objects of examples, brought into the mesh: they select its pods and name its hosts."""
    for number in range(chance.randint(0, 6)):
        for one in chance.choice(examples()):
            copy = json.loads(json.dumps(one, default=str))
            metadata, spec = copy.get("metadata"), copy.get("spec")
            if copy["kind"] not in (*POLICIES, *ROUTING, *LEADING) or not isinstance(metadata, dict):
                continue
            if not isinstance(spec, dict):
                continue
            metadata |= {
                "name": f"added-{number}",
                "namespace": chance.choice((*PLACES, ROOT)[: chance.randint(3, 5)]),
            }
            meant = chance.randrange(SERVICES)
            host = f"service-{meant}.{place(meant)}.svc.cluster.local"
            if copy["kind"] in POLICIES and chance.random() < 0.6:
                spec.pop("targetRefs", None)
                spec["selector"] = {"matchLabels": {"app": f"service-{meant}"}}
            if copy["kind"] == "DestinationRule" and chance.random() < 0.7:
                spec["host"] = chance.choice((host, f"service-{meant}", "*.local"))
            if copy["kind"] == "AuthorizationPolicy" and chance.random() < 0.5:
                spec["rules"] = [{"from": [{"source": {chance.choice(CALLERS): [account(chance)]}}]}]
            if copy["kind"] == "VirtualService" and chance.random() < 0.7:
                copy = json.loads(json.dumps(copy).replace(str((spec.get("hosts") or ["?"])[0]), host))
            yield copy


def account(chance: random.Random) -> str:
    caller = chance.randrange(SERVICES)
    return f"cluster.local/ns/{chance.choice((place(caller), *PLACES))}/sa/service-{caller}"


def routed(chance: random.Random) -> dict[str, Any]:
    meant = chance.randrange(SERVICES)
    host = chance.choice(("service-{}.{}.svc.cluster.local", "service-{}.{}", "service-{}"))
    destination = {"host": host.format(meant, place(meant))}
    return {"destination": destination | chance.choice(({}, {"subset": "v1"}, {"subset": "v2"}))}


def edited(chance: random.Random, one: dict[str, Any]) -> dict[str, Any]:
    """An object that says otherwise what leaves it where it is, or mostly."""
    copy: dict[str, Any] = json.loads(json.dumps(one, default=str))
    spec = copy.get("spec")
    if not isinstance(spec, dict):
        return copy
    if copy["kind"] == "Service" and chance.random() < 0.8:
        spec["ports"] = [port(chance, n) for n in range(chance.randint(1, 2))]
    elif copy["kind"] == "Deployment" and chance.random() < 0.8:
        pods = spec.get("template", {}).get("spec", {})
        for container in pods.get("containers") or ():
            container["ports"] = [{"name": chance.choice(NAMES), "containerPort": chance.choice(NUMBERS)}]
            to = chance.randrange(SERVICES)
            value = f"http://service-{to}.{chance.choice((place(to), *PLACES))}:{chance.choice(NUMBERS)}"
            container["env"] = [{"name": "PEER", "value": value}]
        spec["replicas"] = chance.randint(0, 2)
    elif copy["kind"] == "VirtualService" and chance.random() < 0.8:
        spec["http"] = [{"route": [routed(chance)]} for _ in range(chance.randint(1, 2))]
    else:
        copy = changed(chance, copy)
    return copy


CALLERS = ("principals", "notPrincipals")
NAMES = ("http", "grpc", "tcp", "https", "mongo", "web")
NUMBERS = (80, 443, 8080, 9090, 15021)


def port(chance: random.Random, number: int) -> dict[str, Any]:
    found = {"name": f"{chance.choice(NAMES)}-{number}", "port": chance.choice(NUMBERS)}
    return {**found, "targetPort": chance.choice((*NAMES, *NUMBERS))}


def in_parts(rule: Rule) -> bool:
    return bool(rule.near or rule.within or rule.home or rule.around)


def compared(seed: int) -> tuple[int, int]:
    """How many rules were asked about a part of the set, and how many findings came or went."""
    chance = random.Random(seed)
    held = [*mesh(), *added(chance)]
    objects = {f"{number}.yaml": one for number, one in enumerate(held)}
    project = read_files(files_of(objects))
    known, parts, differing = known_of(project, PLAN), 0, 0
    cold = told(check_project(project, PLAN, POLICY))
    for _ in range(5):
        kinds = chance.choice((("Service",), ("Deployment",), ("VirtualService",), POLICIES[:1]))
        names = [name for name, one in objects.items() if one["kind"] in kinds]
        name, before = chance.choice(names), objects
        objects = {**objects, name: edited(chance, objects[name])}
        if kinds == POLICIES[:1] and chance.random() < 0.3:
            del objects[name]
        project, earlier = read_again(objects, project, before), project
        was, cold = cold, told(check_project(read_files(files_of(objects)), PLAN, POLICY))
        outcome = known.after(project, POLICY) if known is not None else None
        if outcome is not None and known is not None:
            assert told(outcome) == cold, f"seed {seed}"
            edit = Edit(earlier, project)
            parts += sum(edit.asked(rule) is not None for rule in PLAN.rules if in_parts(rule))
            differing += was != cold
            known = known.moved(project)
        else:
            known = known_of(project, PLAN)
    return parts, differing


def test_what_is_near_is_all_that_an_edit_concerns() -> None:
    counts = [compared(seed) for seed in range(8)]
    assert sum(parts for parts, _ in counts) > 100
    assert sum(differing for _, differing in counts) > 8


@pytest.mark.slow
def test_what_is_near_is_all_that_thousands_of_edits_concern() -> None:
    for seed in range(1000, 2000):
        compared(seed)
