"""Mutations of real manifests and of kustomizations: whatever is written, every question has an answer.

`python -m tests.fuzz.test_fuzz FIRST COUNT` takes a stretch of the seeds by hand, in slices as small as there
is time for, and prints what fails.
"""

from __future__ import annotations

import sys
import traceback
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest

from tests.fuzz.asked import ask
from tests.fuzz.inputs import files_of
from tests.shared import needs_shared

FEW, MANY = 1_000, 100_000
PIECES, MANY_PIECES = 10, 200


def one(seed: int) -> None:
    """Make the files of a seed and ask of them."""
    random = Random(seed)
    with TemporaryDirectory() as place:
        ask(files_of(random), Path(place), random)


@needs_shared
@pytest.mark.parametrize("piece", range(PIECES))
def test_everything_has_an_answer(piece: int) -> None:
    for seed in range(piece, FEW, PIECES):
        one(seed)


@needs_shared
@pytest.mark.oracle
@pytest.mark.parametrize("piece", range(MANY_PIECES))
def test_everything_has_an_answer_in_the_long_run(piece: int) -> None:
    for seed in range(FEW + piece, MANY, MANY_PIECES):
        one(seed)


def by_hand(first: int, count: int) -> None:
    """Take some seeds and print what fails."""
    for seed in range(first, first + count):
        try:
            one(seed)
        except Exception:
            sys.stdout.write(f"seed {seed}: {traceback.format_exc()}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    by_hand(int(sys.argv[1]), int(sys.argv[2]))
