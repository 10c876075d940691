"""Names that look alike are those that difflib finds, however few of them it is asked about."""

from __future__ import annotations

from difflib import get_close_matches

from hypothesis import given
from hypothesis import strategies as st

from meshlint.mesh.names.nearest import close_matches, nearest

NAMES = st.text(alphabet="abcde-ä1é", max_size=12)


@given(NAMES, st.lists(NAMES, max_size=12), st.integers(1, 4), st.sampled_from([0.0, 0.6, 0.75, 0.8, 1.0]))
def test_close_matches_are_those_of_difflib(name: str, known: list[str], most: int, cutoff: float) -> None:
    assert close_matches(name, known, most, cutoff) == get_close_matches(name, known, most, cutoff)


def test_the_likeliest_name_comes_first() -> None:
    assert nearest("reviews", ["ratings", "reviews-v1", "review", "review"]) == ("review", "reviews-v1")
