"""What is read of brackets without libyaml is what libyaml reads."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meshlint.documents.brackets import plain_brackets
from meshlint.documents.enclosed import text_or_brackets

_SCRAPS = """[] {} , : ~ - " ' # \\ . a 1 b.c/d-e 0x1F 1.5 010 true no null *a &a !t << 1_000 ''"""
_PIECES = st.sampled_from([*"[]{}", " ", ", ", ": ", '"x y"', "'x: y'", " # c", *_SCRAPS.split()])
_WORDS = st.sampled_from(["", "a", "b-c", "v1", "10", "0.5", "on", "istio.io/rev", '"x, y"', "'z: '", "a b"])
_NESTED: Any = st.recursive(
    _WORDS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda some: f"[{', '.join(some)}]"),
        st.lists(st.tuples(_WORDS, inner), max_size=3).map(
            lambda some: "{" + ", ".join(f"{key}: {value}" for key, value in some) + "}"
        ),
    ),
)


def _agree(text: str) -> None:
    found = plain_brackets(text)
    if found is not None:
        # What ties a value to another place may stand in a comment, where `text_or_brackets` makes sure.
        known = text_or_brackets(text) or text_or_brackets(text.partition(" #")[0])
        assert known is not None, text
        assert known.is_collection
        assert repr(found) == repr(known.value), text


@given(st.sampled_from("[{"), st.lists(_PIECES, max_size=12))
def test_scraps_are_read_as_libyaml_does_or_left_to_it(start: str, pieces: list[str]) -> None:
    _agree(start + "".join(pieces))


@given(_NESTED)
def test_collections_are_read_as_libyaml_does_or_left_to_it(text: str) -> None:
    if text[:1] in {"[", "{"}:
        _agree(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{app: cart, version: v1}", {"app": "cart", "version": "v1"}),
        ("{} # c*a", {}),
        ('[a, "b c", 3, {on: yes}, [] ]  # all', ["a", "b c", 3, {"true": True}, []]),
        ("{host: cart, subsets: [{name: v1}]}", {"host": "cart", "subsets": [{"name": "v1"}]}),
    ],
)
def test_plain_collections_are_read(text: str, value: Any) -> None:
    assert repr(plain_brackets(text)) == repr(value)


@pytest.mark.parametrize(
    "text",
    ["{a: 1, a: 1}", "[a: b]", "{a}", "[*a]", '["\\n"]', "[a]#", "[é]", "[" * 40 + "]" * 40, "{{ x }}"],
)
def test_the_rest_is_left_to_libyaml(text: str) -> None:
    assert plain_brackets(text) is None
