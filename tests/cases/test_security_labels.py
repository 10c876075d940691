"""Real defects of Istio's security are found on their line, and what only looks wrong is not."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cases.labels import alarms, labels, reported
from tests.shared import SHARED, needs_shared

pytestmark = needs_shared
DEFECTS = frozenset(
    {
        "authz-allow-all",
        "authz-no-from",
        "ineffective-glob",
        "insecure-jwks",
        "jwt-not-required",
        "mtls-disabled",
        "mtls-permissive",
        "stray-list-dash",
        "tls-disabled",
        "wildcard-principal",
    }
)
TRAPS = DEFECTS | {"dangling-provider", "port-name", "port-protocol", "principal-format", "wildcard-host"}


def _chosen(name: str, classes: frozenset[str]) -> list[dict[str, Any]]:
    found = labels(name) if SHARED.is_dir() else ()
    return [label for label in found if label["rule-class"] in classes]


def _name(label: dict[str, Any]) -> str:
    return f"{label['rule-class']} {label['path']}:{label['line']}"


@pytest.mark.parametrize("label", _chosen("labelled-defects", DEFECTS), ids=_name)
def test_a_certain_defect_is_found_on_its_line(label: dict[str, Any]) -> None:
    assert reported(label)


@pytest.mark.parametrize("label", _chosen("labelled-fine", TRAPS), ids=_name)
def test_what_only_looks_wrong_is_let_be(label: dict[str, Any]) -> None:
    assert alarms(label) == []
