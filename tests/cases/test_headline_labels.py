"""Labelled defects of the four headline checks and of versions and field names; and every labelled trap."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cases.labels import alarms, labels, place, reported
from tests.shared import SHARED, needs_shared

HEADLINE = frozenset(
    {
        "authz-allow-all",
        "authz-no-from",
        "deprecated-api",
        "deprecated-field",
        "mtls-disabled",
        "mtls-permissive",
        "network-any",
        "removed-api",
        "stray-list-dash",
        "tls-disabled",
        "unauthenticated",
        "undefined-subset",
        "unknown-field",
        "weights",
        "wildcard-identity",
        "wildcard-principal",
    }
)


def cases(name: str) -> list[Any]:
    found = labels(name) if SHARED.is_dir() else ()
    return [pytest.param(label, id=f"{place(label).name}:{label['line']}") for label in found]


DEFECTS = [case for case in cases("labelled-defects") if case.values[0]["rule-class"] in HEADLINE]


@needs_shared
@pytest.mark.parametrize("label", DEFECTS)
def test_a_labelled_defect_is_reported_on_its_line(label: dict[str, Any]) -> None:
    assert reported(label), label["explanation"]


@needs_shared
@pytest.mark.parametrize("label", cases("labelled-fine"))
def test_a_labelled_trap_is_no_alarm(label: dict[str, Any]) -> None:
    assert alarms(label) == []


@needs_shared
def test_there_are_labels_of_each_kind() -> None:
    assert len(DEFECTS) >= 30
    assert len(labels("labelled-fine")) >= 50
