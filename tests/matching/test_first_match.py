"""Which texts are as a whole what Rust finds first of a pattern."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meshlint.matching import StringSet, TooComplex


def combined(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(st.builds("{}{}".format, inner, inner), st.builds("(?:{}|{})".format, inner, inner))


LETTERS = st.sampled_from("abc")
REPEATS = st.sampled_from(["*", "+", "?", "*?", "+?", "??", "{1,2}", "{0,2}?"])
# Python repeats empty parts otherwise than Rust does, so what is repeated here is never empty.
SOLID = st.recursive(LETTERS, combined, max_leaves=5)
PATTERNS = st.recursive(
    st.one_of(SOLID, st.builds("(?:{}){}".format, SOLID, REPEATS)),
    lambda inner: st.one_of(
        st.builds("{}{}".format, inner, inner), st.builds("(?:{}|{})".format, inner, inner)
    ),
    max_leaves=4,
)


@settings(max_examples=300)
@given(PATTERNS, st.lists(st.text("abc", max_size=7), max_size=30))
def test_the_first_match_is_that_of_a_backtracking_search(pattern: str, texts: list[str]) -> None:
    found = StringSet.rust_find(pattern)
    for text in texts:
        first = re.match(pattern, text)
        assert found.admits(text) == (first is not None and first.end() == len(text))


@settings(max_examples=100)
@given(PATTERNS, st.lists(st.text("abc", max_size=7), max_size=30))
def test_whatever_is_found_first_is_matched_as_a_whole(pattern: str, texts: list[str]) -> None:
    found, whole = StringSet.rust_find(pattern), StringSet.rust_regex(pattern)
    assert not any(found.admits(text) and not whole.admits(text) for text in texts)
    assert found.is_empty() == whole.is_empty()


@pytest.mark.parametrize(
    ("pattern", "admitted", "kept_out"),
    [
        ("/items|/items/7", ["/items"], ["/items/7"]),
        ("/items/7|/items", ["/items", "/items/7"], []),
        ("/a.*", ["/a", "/a/b"], ["/b"]),
        ("/a.*?", ["/a"], ["/ab"]),
        ("(?U)/a.*", ["/a"], ["/ab"]),
        ("(?U)/a.*?", ["/a", "/ab"], []),
        ("^/a|b$", ["/a", "b"], ["/ab"]),
        ("(?i)/A|/ab", ["/a", "/A"], ["/ab"]),
        ("(a?)*b", ["b", "aab"], ["a"]),
        ("", [""], ["a"]),
        ("(", [], ["(", ""]),
    ],
)
def test_texts(pattern: str, admitted: list[str], kept_out: list[str]) -> None:
    found = StringSet.rust_find(pattern)
    assert [text for text in admitted if not found.admits(text)] == []
    assert [text for text in kept_out if found.admits(text)] == []


def test_what_is_found_first_can_be_compared() -> None:
    short, both = StringSet.rust_find("/items|/items/7"), StringSet.rust_find("/items/7|/items")
    assert short.is_subset(both)
    assert not both.is_subset(short)
    assert (both - short).example() == "/items/7"


def test_word_boundaries_are_not_decided() -> None:
    with pytest.raises(TooComplex):
        StringSet.rust_find(r"(a|ab)\b").admits("ab")
