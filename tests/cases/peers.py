"""What istioctl analyze and Kiali expect of their own fixtures, and what meshlint says of the same files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from attrs import frozen

from meshlint.admission.admission import Admission
from meshlint.checks.world import World
from meshlint.documents import Document, read
from meshlint.engine.catalogue import load_catalogue
from meshlint.engine.finding import Finding
from meshlint.engine.plan import Plan
from meshlint.engine.rule import Profile, Severity
from meshlint.engine.run import Worlds, run
from meshlint.mesh import Mesh, MeshSettings
from meshlint.resources import collect
from tests.shared import SHARED

SOURCES = {"istio-analyze": "istio+istio", "kiali": "kiali+kiali"}


@frozen
class Input:
    """The files of a case, what its harness puts beside them, and how they are read."""

    files: tuple[str, ...]
    added: tuple[str, ...] = ()
    complete: bool = False
    auto_mtls: bool = True


def cases() -> Iterator[Any]:
    """Every case, as a parameter with the paths of its files."""
    for name, base in SOURCES.items() if SHARED.is_dir() else ():
        for case in json.loads((SHARED / "cases" / f"{name}.json").read_text(encoding="utf-8")):
            files = tuple(f"{base}/{path}" for path in case["input_files"])
            yield pytest.param(case, files, id=case["name"])


@cache
def findings(given: Input, families: tuple[str, ...]) -> tuple[Finding, ...]:
    """What the rules of some families say, whatever their profile."""
    catalogue = load_catalogue()
    rules = tuple(rule for rule in catalogue.rules if rule.id.startswith(families))
    documents: list[Document] = []
    for file in given.files:
        documents += read(file, (SHARED / "corpus" / file).read_bytes()).documents
    for number, text in enumerate(given.added):
        documents += read(f"added-{number}.yaml", text.encode()).documents
    settings = MeshSettings(complete=given.complete, auto_mtls=given.auto_mtls)
    resources = collect(documents)
    world = World(Mesh(resources, settings), Admission(resources))
    return tuple(raised.finding for raised in run(Plan(rules, catalogue), Worlds(world)))


@cache
def replacing(code: str) -> frozenset[str]:
    """The rules that say they stand for a code."""
    return frozenset(rule.id for rule in load_catalogue().rules if code in rule.replaces)


@cache
def default_rules() -> frozenset[str]:
    """The rules that run unless told otherwise."""
    return frozenset(rule.id for rule in load_catalogue().rules if rule.profile is Profile.DEFAULT)


def is_meant(finding: Finding, expected: dict[str, Any]) -> bool:
    """Whether a finding is about the object that an expectation names."""
    named = expected.get("object") or f"{expected['kind']} {expected['namespace']}/{expected['name']}"
    kind, _, name = named.partition(" ")
    found = finding.object
    if found is None or found.kind != kind:
        return False
    return name in (f"{found.namespace}/{found.name}", found.name) or name.lstrip("/") == found.name


def alarms(case: dict[str, Any], told: tuple[Finding, ...], extra: frozenset[str]) -> list[str]:
    """What is said by default, at warning or above, of the objects that a silent case is about."""
    subjects = {str(name) for name in case.get("analyzer_inputs", ())}
    subject = str(case.get("context", {}).get("subject", ""))
    return [
        finding.message
        for finding in told
        if finding.severity >= Severity.WARNING
        and finding.rule in default_rules() - extra
        and finding.object is not None
        and (finding.object.kind in subjects or str(finding.object) == subject)
    ]
