"""Small inputs for the engine, without any mesh."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from meshlint.admission.admission import Admission
from meshlint.checks.world import World
from meshlint.documents import read
from meshlint.engine.catalogue import Catalogue
from meshlint.engine.plan import Plan
from meshlint.engine.rule import Profile, Rule, Severity
from meshlint.mesh import Mesh, MeshSettings
from meshlint.resources import Resource, collect

OBJECT = """\
apiVersion: v1
kind: Service
metadata:
  name: cart
  namespace: shop
spec:
  type: ClusterIP
"""


def input_of(files: Mapping[str, str]) -> World:
    readings = [read(path, text.encode()) for path, text in files.items()]
    documents = [document for reading in readings for document in reading.documents]
    problems = tuple(problem for reading in readings for problem in reading.problems)
    resources = collect(documents)
    return World(Mesh(resources, MeshSettings()), Admission(resources), problems)


def resource(text: str, file: str = "a.yaml") -> Resource:
    (found,) = input_of({file: text}).resources.resources
    return found


def rule(id: str, name: str = "", check: str = "engine", **more: Any) -> Rule:
    return Rule(
        id=id,
        name=name or id.lower() + "-name",
        summary="a rule for tests",
        severity=more.pop("severity", Severity.WARNING),
        check=check,
        texts='{"rationale":"because","remediation":"do not"}',
        **more,
    )


STRICT = Profile.STRICT


def catalogue(*rules: Rule) -> Catalogue:
    families = dict.fromkeys(["MTLS", "AUTHZ", "ROUTE", "SCALE", "HYGIENE"], "a family")
    return Catalogue(tuple(rules), families)


def plan(*rules: Rule) -> Plan:
    return Plan(tuple(rules), catalogue(*rules))
