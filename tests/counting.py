"""How much is done, told by counting calls, which no other program disturbs."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

LIMIT = 2.3
"""How much more the second doubling may add than the first: twice as much if no pairs are asked about."""


def calls(work: Callable[[], object]) -> int:
    """How many functions are called while some work is done."""
    count = 0

    def counting(_frame: FrameType, event: str, _of: Any) -> None:
        nonlocal count
        count += event == "call"

    before = sys.getprofile()
    sys.setprofile(counting)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


def grows_no_faster(counted: Callable[[int], int], start: int) -> bool:
    """Whether what is counted at a number and its doubles adds no more than they do."""
    one, two, four = (counted(start * times) for times in (1, 2, 4))
    return four - two <= LIMIT * (two - one)
