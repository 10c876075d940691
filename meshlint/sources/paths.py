"""Paths of files, with slashes, as they are shown."""

from __future__ import annotations

from itertools import takewhile


def shared_steps(file: str, other: str) -> int:
    """How many directories from the top two files have in common."""
    pairs = zip(file.split("/")[:-1], other.split("/")[:-1], strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
