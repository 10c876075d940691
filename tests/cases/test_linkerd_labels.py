"""Labelled facts about Linkerd manifests of public repositories, each judged per example directory."""

from __future__ import annotations

import json
from functools import cache
from pathlib import PurePosixPath
from typing import Any

import pytest

from meshlint.api import CheckOptions, Selection, check_texts
from meshlint.engine.finding import Finding
from meshlint.engine.rule import Profile, Severity
from tests.shared import SHARED, needs_shared

CLASSES = {
    "annotation-misplaced": ("SCHEMA012",),
    "wildcard-identity": ("AUTHZ200",),
    "network-any": ("AUTHZ205", "AUTHZ206"),
    "unauthenticated": ("AUTHZ203", "AUTHZ204"),
    "dangling-targetref": ("AUTHZ220",),
}
"""The rules that may report a class of defect."""


def _labels(name: str) -> list[dict[str, Any]]:
    path = SHARED / "cases" / name
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else []


def _is_linkerd(label: dict[str, Any]) -> bool:
    text = json.dumps(label).lower()
    return "linkerd" in text and "deprecated-api" not in text


def _id(label: dict[str, Any]) -> str:
    return f"{label['path']}:{label['line']}"


DEFECTS = [
    one
    for one in _labels("labelled-defects.json")
    if _is_linkerd(one) and one["certain"] and one["rule-class"] in CLASSES
]
FINE = [one for one in _labels("labelled-fine.json") if _is_linkerd(one)]


@cache
def findings(repo: str, directory: str, profile: str) -> tuple[Finding, ...]:
    """What a profile says of the manifests of one directory."""
    folder = SHARED / "corpus" / repo.replace("/", "+") / directory
    texts = {
        f"{directory}/{path.name}": path.read_text(encoding="utf-8", errors="replace")
        for path in sorted(folder.glob("*.y*ml"))
    }
    return check_texts(texts, CheckOptions(Selection(profile=Profile(profile)))).findings


def _on(label: dict[str, Any], profile: str) -> list[Finding]:
    found = findings(label["repo"], str(PurePosixPath(label["path"]).parent), profile)
    place = (label["path"], label["line"])
    return [one for one in found if (one.location.file, one.location.span.line) == place]


@needs_shared
@pytest.mark.parametrize("label", DEFECTS, ids=_id)
def test_defect_is_reported_on_its_line(label: dict[str, Any]) -> None:
    rules = {finding.rule for finding in _on(label, "strict")}
    assert rules & set(CLASSES[label["rule-class"]])


@needs_shared
@pytest.mark.parametrize("label", FINE, ids=_id)
def test_trap_is_not_reported(label: dict[str, Any]) -> None:
    loud = [finding for finding in _on(label, "default") if finding.severity is not Severity.INFO]
    assert [
        finding.rule for finding in loud if finding.rule[:-3] in ("AUTHZ", "INJECT", "MTLS", "PORT")
    ] == []


@needs_shared
def test_there_are_labels() -> None:
    assert len(DEFECTS) >= 6
    assert len(FINE) >= 6
