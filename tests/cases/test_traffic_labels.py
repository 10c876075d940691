"""Labelled defects of the classes that speak of traffic."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cases.labels import findings, labels, place, reported
from tests.shared import SHARED, needs_shared

CLASSES = frozenset({"dangling-host", "dangling-gateway", "unreachable-route", "undefined-subset", "weights"})
DEFECTS = [
    pytest.param(label, id=f"{place(label).name}:{label['line']}")
    for label in (labels("labelled-defects") if SHARED.is_dir() else ())
    if label["rule-class"] in CLASSES
]


@needs_shared
@pytest.mark.parametrize("label", DEFECTS)
def test_a_labelled_defect_is_reported_on_its_line(label: dict[str, Any]) -> None:
    """In its directory, or in the one above where what it refers to lies beside it."""
    assert reported(label) or _reported_above(label), label["explanation"]


def _reported_above(label: dict[str, Any]) -> bool:
    at = (place(label).as_posix(), label["line"])
    found = findings(place(label).parent.parent, "default")
    return any((one.location.file, one.location.span.line) == at for one in found)
