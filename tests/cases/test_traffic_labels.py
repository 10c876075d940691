"""Labelled defects of the classes that speak of traffic."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from meshlint.engine.finding import Finding
from meshlint.engine.rule import Severity
from tests.cases.labels import findings, labels, place, reported
from tests.shared import SHARED, needs_shared

TRAFFIC = frozenset(
    {
        "cors-any-origin",
        "dangling-gateway",
        "dangling-host",
        "dangling-parentref",
        "selector-matches-nothing",
        "undefined-subset",
        "unreachable-route",
        "weights",
    }
)
OTHER = frozenset(
    {
        "annotation-misplaced",
        "authz-allow-all",
        "authz-no-from",
        "dangling-serviceaccount",
        "dangling-targetref",
        "deprecated-api",
        "deprecated-field",
        "ineffective-glob",
        "insecure-jwks",
        "jwt-not-required",
        "mtls-disabled",
        "mtls-permissive",
        "network-any",
        "placeholder-left",
        "removed-api",
        "stray-list-dash",
        "tls-disabled",
        "unauthenticated",
        "unknown-field",
        "wildcard-identity",
        "wildcard-principal",
    }
)
"""The classes of other subjects, so that a new one has to be put somewhere."""

NO_MANIFEST = {"vs-allow.yaml": "a template of a chart, which is passed over as it is no manifest yet"}
FROM_ABOVE = {
    "healthcheck.yaml": "the Gateway of that name lies in another directory, so only the whole shows it"
}


def _file(label: dict[str, Any]) -> str:
    return place(label).name


DEFECTS = [
    pytest.param(label, id=f"{_file(label)}:{label['line']}")
    for label in (labels("labelled-defects") if SHARED.is_dir() else ())
    if label["rule-class"] in TRAFFIC and _file(label) not in NO_MANIFEST
]
TRAPS = [
    pytest.param(label, id=f"{_file(label)}:{label['line']}")
    for label in (labels("labelled-fine") if SHARED.is_dir() else ())
]


@needs_shared
@pytest.mark.parametrize("label", DEFECTS)
def test_a_defect_is_found_on_its_line_where_its_directory_is_checked(label: dict[str, Any]) -> None:
    assert reported(label) is (_file(label) not in FROM_ABOVE), label["explanation"]


@needs_shared
@pytest.mark.parametrize("label", DEFECTS)
def test_a_defect_is_found_on_its_line_where_the_repository_is_checked(label: dict[str, Any]) -> None:
    assert _told(label), label["explanation"]


@needs_shared
@pytest.mark.parametrize("label", TRAPS)
def test_a_trap_is_no_alarm_where_the_repository_is_checked(label: dict[str, Any]) -> None:
    assert [one.message for one in _told(label) if one.severity >= Severity.WARNING] == []


def _told(label: dict[str, Any]) -> list[Finding]:
    """What is said by default of the labelled line where its whole repository is checked."""
    repository = Path("corpus", label["repo"].replace("/", "+"))
    at = (place(label).as_posix(), label["line"])
    return [
        finding
        for finding in findings(repository, "default")
        for location in (finding.location, *finding.others)
        if (location.file, location.span.line) == at
    ]


@needs_shared
def test_every_class_of_defects_has_a_subject() -> None:
    assert not TRAFFIC & OTHER
    assert {label["rule-class"] for label in labels("labelled-defects")} <= TRAFFIC | OTHER
    assert len(DEFECTS) >= 8
