"""The work on sets that hurt grows as they do: told by counting calls, which no other program disturbs."""

from __future__ import annotations

import pytest

from bench.hurting import SETS
from meshlint.api import check_texts
from tests.counting import calls, grows_no_faster

GROWS_WITH_THE_SET = ("denials", "one namespace", "one namespace each", "one host")
START = 12


def checked(name: str, number: int) -> int:
    """How many functions are called in a check of one of the sets."""
    texts = SETS[name](number)
    return calls(lambda: check_texts(texts))


@pytest.mark.parametrize("name", GROWS_WITH_THE_SET)
def test_work_grows_no_faster_than_the_set(name: str) -> None:
    checked(name, 2)
    assert grows_no_faster(lambda number: checked(name, number), START)


def test_a_pair_for_each_two_would_be_found() -> None:
    assert not grows_no_faster(lambda number: number * number, 1)
