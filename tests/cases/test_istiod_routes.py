"""Where requests and connections go, against listeners, routes and clusters that istiod made."""

from __future__ import annotations

import pytest

from meshlint.reports.route.answer import RouteAnswer
from tests.cases.istiod import Row, ask, differences, of_input, rows
from tests.shared import needs_shared

pytestmark = needs_shared
DOUBTED: dict[int, str] = {}
"""Rows of which the verdict itself is held to be wrong, by their place in the table, with the evidence."""
EACH = 7
"""The default run asks every row of this remainder; the slow one asks them all."""


def test_a_part_of_the_answers_says_what_istiod_made() -> None:
    _agree(range(0, len(rows("routes")), EACH))


@pytest.mark.slow
def test_all_answers_say_what_istiod_made() -> None:
    assert len(rows("routes")) > 8000
    _agree(range(len(rows("routes"))))


def _agree(places: range) -> None:
    """No answer is certain and wrong; what names alone decided may say that the age of objects is open."""
    asked = [place for place in places if place not in DOUBTED]
    wrong = {place: told for place in asked if (told := told_otherwise(rows("routes")[place]))}
    assert wrong == {}
    assert len(asked) > len(places) * 0.999


def told_otherwise(row: Row) -> list[str]:
    """What is said of a row otherwise than istiod made it, unless its age is what decides."""
    answer = ask(of_input(row), row)
    return [] if row["order_dependent"] and _is_open(answer) else list(differences(row, answer))


def _is_open(answer: RouteAnswer) -> bool:
    return bool(answer.undecided)
