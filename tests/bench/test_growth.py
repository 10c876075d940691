"""The work on sets that hurt grows as they do: told by counting calls, which no other program disturbs."""

from __future__ import annotations

import sys
from types import FrameType
from typing import Any

import pytest

from bench.hurting import SETS
from meshlint.api import check_texts

GROWS_WITH_THE_SET = ("denials", "one namespace", "one namespace each", "one host")
START = 12
LIMIT = 2.3
"""How much more the second doubling may add than the first: twice as much if no pairs are asked about."""


def calls(name: str, number: int) -> int:
    """How many functions are called in a check of one of the sets."""
    texts, count = SETS[name](number), 0

    def counting(_frame: FrameType, event: str, _of: Any) -> None:
        nonlocal count
        count += event == "call"

    before = sys.getprofile()
    sys.setprofile(counting)
    try:
        check_texts(texts)
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize("name", GROWS_WITH_THE_SET)
def test_work_grows_no_faster_than_the_set(name: str) -> None:
    calls(name, 2)
    one, two, four = (calls(name, START * times) for times in (1, 2, 4))
    assert four - two <= LIMIT * (two - one)


def test_a_pair_for_each_two_would_be_found() -> None:
    one, two, four = (number * number for number in (1, 2, 4))
    assert four - two > LIMIT * (two - one)
