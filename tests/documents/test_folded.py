"""A text that goes on in lines below is what libyaml makes of it, or is left to it."""

from __future__ import annotations

import random

import pytest

from meshlint.documents.enclosed import entry_value
from meshlint.documents.folded import folded


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        ("a: one\n  two", "one two"),
        ("a: one  \n    two \n\n \n", "one two"),
        ("a: one\n  - two\n  'three\n  http://x?a=b", "one - two 'three http://x?a=b"),
        ("a: 'it''s\n  one # two: three'", "it's one # two: three"),
        ("a: ' one\n  two '\n", " one two "),
        ('a: "one\n  it\'s"', "one it's"),
        ("a: 'one\n  '", "one "),
    ],
)
def test_ends_of_lines_are_blanks(entry: str, text: str) -> None:
    assert folded(entry) == text
    _as_libyaml_reads(entry, text)


@pytest.mark.parametrize(
    "entry",
    [
        "a: one",
        "a: one\n\n  two",
        "a: one\n  two: three",
        "a: one\n  two:",
        "a: one\n  two # three",
        "a: one\n  t\u00fcrk\u2028two",
        "a: one\n\ttwo",
        "a: 'one\n  two' # three",
        "a: 'one\n  two' three'",
        'a: "one\\\n  two"',
        'a: "one\n  two" "three"',
        "a: {b: 1,\n  c: 2}",
        "a: 1\n  2",
        '"a": one\n  two',
    ],
)
def test_all_else_is_left_to_libyaml(entry: str) -> None:
    assert folded(entry) is None


def test_whatever_is_folded_libyaml_folds_alike() -> None:
    chance, told = random.Random(4), 0
    pieces = (
        "a",
        "B1",
        " ",
        "  ",
        "\n ",
        "\n   ",
        "\n\n ",
        "'",
        "''",
        '"',
        ":",
        ": ",
        "#",
        " #",
        "-",
        "{",
        "\\",
        "é",
    )
    for _ in range(60_000):
        mark = chance.choice(("", "'", '"'))
        inside = "".join(chance.choice(pieces) for _ in range(chance.randrange(1, 9)))
        entry = f"key: {mark}x{inside}\n  y{mark}" + chance.choice(("", " ", "\n", "\n  \n", " # z"))
        text = folded(entry)
        if text is not None:
            told += 1
            _as_libyaml_reads(entry, text)
    assert told > 5_000


def _as_libyaml_reads(entry: str, text: str) -> None:
    found = entry_value(entry)
    assert found is not None, entry
    assert (found.value, found.is_collection) == (text, False), entry
