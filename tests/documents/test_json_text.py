"""JSON that Python reads is what libyaml reads, and the rest is left to that."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meshlint.documents import read
from meshlint.documents.compose import compose
from meshlint.documents.json_text import json_values
from meshlint.documents.values import Builder

WORDS = [
    "a",
    "b: c",
    "<<",
    "#",
    "- x",
    "*y",
    "&",
    "<",
    "yes",
    "~",
    "1_0",
    "",
    "é",
    "😀",
    "\\",
    '"',
    "\n",
    "\u2028",
    "k" * 200,
]
TEXTS = st.lists(st.sampled_from(WORDS), max_size=3).map("".join)
NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=20,
).filter(lambda value: isinstance(value, dict | list))
WRITTEN = st.builds(
    lambda value, indent, escaped, head, tail: (
        head + json.dumps(value, indent=indent, ensure_ascii=escaped) + tail
    ),
    VALUES,
    st.sampled_from([None, 0, 2, 4]),
    st.booleans(),
    st.sampled_from(["", "---\n", "--- \n", "\n ", "# c\n"]),
    st.sampled_from(["", "\n", " \n\n", "\n# c\n", " {}"]),
)


@settings(max_examples=300, deadline=None)
@given(WRITTEN)
def test_what_python_reads_is_what_libyaml_reads(text: str) -> None:
    values = json_values(text)
    if values is not None:
        (node,) = compose(text)
        builder = Builder("a.json")
        assert repr(values) == repr([builder.build(node)])
        assert not builder.problems


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": [1, 2.5, -0, 1e3, true, null, "x"]}', {"a": [1, 2.5, 0, 1000.0, True, None, "x"]}),
        ('---\n[\n    {"a": "\\u003cx\\u003e \\n\\"y\\""}\n]\n', [{"a": '<x> \n"y"'}]),
        ('{"on": "yes", "<<": {"a": 1}}', {"on": "yes", "<<": {"a": 1}}),
    ],
)
def test_json_takes_no_nodes(text: str, value: Any) -> None:
    assert repr(json_values(text)) == repr([value])
    (document,) = read("a.json", text.encode()).documents
    assert repr(document.value) == repr(value)
    assert document.is_text
    assert "node" not in vars(document.written)


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 1, "a": 2}',
        '{"a" : 1}',
        '{"a"\n: 1}',
        '{"a":\t1}',
        '{"a": NaN}',
        '{"a": 1} {"b": 2}',
        '{"a": 1} # c',
        "{a: 1}",
        '{"a": "\\u0041"}',
        '{"a": "\\/"}',
        '{"a": "x\u2028y"}',
        '{"' + "k" * 200 + '": 1}',
        "[" * 5000 + "]" * 5000,
        '"a"',
        "1",
    ],
)
def test_the_rest_is_left_to_libyaml(text: str) -> None:
    assert json_values(text) is None


def test_a_number_is_read_as_yaml_has_it() -> None:
    long = "1" * 200
    assert json_values(f'{{"a": {long}}}') == [{"a": long}]


def test_a_key_that_stands_twice_is_told() -> None:
    (problem,) = read("a.json", b'{"a": 1,\n"a": 2}\n').problems
    assert problem.span.line == 2


def test_places_are_told_in_json() -> None:
    text = '---\n{\n  "a": [\n    {"b": "x"}\n  ]\n}\n---\nc: 1\n'
    one, other = read("a.yaml", text.encode()).documents
    assert (one.span(("a", 0, "b")).line, one.span(("a", 0, "b")).column) == (4, 11)
    assert other.span(("c",)).line == 8
