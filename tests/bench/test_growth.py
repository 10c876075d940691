"""The work on sets that hurt grows as they do: told by counting calls, which no other program disturbs."""

from __future__ import annotations

import pytest

from bench.hurting import SETS
from meshlint.api import check_texts
from tests.counting import calls, grows_no_faster

GROWS_WITH_THE_SET = {
    "denials": 12,
    "one namespace": 12,
    "one namespace each": 12,
    "one host": 12,
    "copies": 48,
}
"""Each set with the number to start from: few copies are each looked at in a view of their own."""


def checked(name: str, number: int) -> int:
    """How many functions are called in a check of one of the sets."""
    texts = SETS[name](number)
    return calls(lambda: check_texts(texts))


@pytest.mark.parametrize(("name", "start"), GROWS_WITH_THE_SET.items())
def test_work_grows_no_faster_than_the_set(name: str, start: int) -> None:
    checked(name, 2)
    assert grows_no_faster(lambda number: checked(name, number), start)


def test_a_pair_for_each_two_would_be_found() -> None:
    assert not grows_no_faster(lambda number: number * number, 1)
