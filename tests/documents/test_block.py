"""Documents in block style that are read without nodes: as libyaml reads them, or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from meshlint.documents import Document, FileText, Path, composed, read
from meshlint.documents.block import Unread, block_values
from meshlint.documents.compose import compose
from meshlint.documents.composed import as_a_whole
from meshlint.documents.templates import is_surely_template
from meshlint.documents.values import Builder

KEYS = ["a", "b", "on", "8080", '"q"', "'s'", "a.b/c", "~", "1.0", "<<", "? x", "*", "a b", "-a", '""', "$p"]
PLAIN = ["1", "foo", "v # c", "yes", "0777", "a:b", "-1", ":x", "a#b", "é", "a]", 'a"b', "<", "=", "12:30"]
PLAIN += ["a b ", "a:b:c", "a::b", "10m", "a\tb", "a :b", "a'", "1.", "_1", ".", "a/b:c d", "a:"]
QUOTED = [
    '"x"',
    "'it''s'",
    '"a\\n"',
    '"x" # c',
    '"x"#c',
    '"open',
    "'open",
    '"a" b',
    '"a": b',
    '""',
    "'",
    "''",
    '"a\tb"',
    "'a\tb'",
    '"x" ',
]
FLOWS = [
    "[]",
    "{}",
    "[a, b]",
    "{a: 1} # c",
    '["*"]',
    "[open",
    "[]#c",
    "{{ t }}",
    "{{}}",
    "{{a}: b}",
    "[::]",
    "[a]: b",
    "{a,b: }",
]
HEADS = ["|", "|-", "|+", ">", ">-", ">+", "|2", "| # c", ">x", "|1-", ">-2", "|+3", ">2", "|0", "|12"]
TIES = [
    "&x 1",
    "*x",
    "!t v",
    "!!str 1",
    "[&x a, *x]",
    "# c",
    "a: b",
    "a:",
    "- x",
    "-",
    "? x",
    "%x",
    "@x",
    "\t",
]
ALONE = [
    "",
    "  ",
    "# c",
    "    # deep",
    "---",
    "--- # c",
    "...",
    "--- x",
    "%YAML 1.1",
    "\t",
    "text",
    "  more",
    "]",
]
VALUES = st.sampled_from(["", *PLAIN, *QUOTED, *FLOWS, *HEADS, *TIES])


def entry(indent: int, dashes: str, key: str | None, value: str) -> str:
    return " " * indent + dashes + (value if key is None else f"{key}: {value}" if value else f"{key}:")


ENTRIES = st.builds(
    entry,
    st.integers(0, 5),
    st.sampled_from(["", "", "", "- ", "-   ", "- - "]),
    st.sampled_from([None, *KEYS]),
    VALUES,
)
SIMPLE = st.builds(
    entry,
    st.sampled_from([0, 0, 2, 2, 4]),
    st.sampled_from(["", "", "- "]),
    st.sampled_from(KEYS[:7]),
    st.sampled_from(["", "", *PLAIN, *QUOTED[:4], *FLOWS[:5], *HEADS[:6]]),
)
TEXTS = st.builds(
    lambda lines, joint, end: joint.join(lines) + end,
    st.one_of(st.lists(SIMPLE, max_size=8), st.lists(ENTRIES | SIMPLE | st.sampled_from(ALONE), max_size=8)),
    st.sampled_from(["\n", "\n", "\n", "\r\n", "\r"]),
    st.sampled_from(["", "\n", "\n", "\n\n"]),
)


def paths(value: Any, path: Path = ()) -> Iterator[Path]:
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, one in inner:
        yield from paths(one, (*path, step))


@settings(max_examples=150, deadline=None)
@given(TEXTS)
def test_what_is_read_line_by_line_is_what_libyaml_reads(text: str) -> None:
    assume(not any(line.startswith(("---", "...")) for line in text.split("\n")[1:]))
    values = block_values(text)
    if isinstance(values, list):
        builders = [Builder("a.yaml") for _ in values]
        nodes = compose(text)
        assert repr(values) == repr([one.build(node) for one, node in zip(builders, nodes, strict=True)])
        assert not any(one.problems for one in builders)


@settings(max_examples=150, deadline=None)
@given(TEXTS, st.sampled_from(["{{ t }}", "a: {{ t }}", "  - {{- t }}", "  {{}}-x", "{{ t }}: a"]), TEXTS)
def test_what_a_template_fills_in_is_no_value_for_libyaml(before: str, line: str, after: str) -> None:
    text = f"{before}{line}\n{after}"
    if block_values(text) is Unread.TEMPLATE and is_surely_template(text):
        assert as_a_whole(FileText("a.yaml", text)).is_template


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("{{- if .Values.on }}\na: 1\n{{- end }}\n", True),
        ("a: {{ .Values.a }}\n", True),
        ("a:\n- {{ .Values.a }}-x\n", True),
        ("a:\n  {{- toYaml .Values.a | nindent 2 }}\n", True),
        ("a:\n  b: c\n  {{- if d }}\n", True),
        ("a: one\n  {{ two }}\n", False),
        ("a: |\n  {{ two }}\n", False),
        ("a: '{{ two }}'\n", False),
        ("# {{ two }}\na: 1\n", False),
    ],
)
def test_a_template_is_told_without_libyaml(text: str, is_one: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(composed, "compose", None)
    reading = read("a.yaml", text.encode())
    assert (reading.is_template, bool(reading.documents)) == (is_one, not is_one)


@settings(max_examples=100, deadline=None)
@given(st.lists(TEXTS, max_size=3).map("---\n".join))
def test_places_are_those_of_the_whole_text(text: str) -> None:
    try:
        nodes = compose(text)
    except yaml.YAMLError:
        assume(False)
    documents = read("a.yaml", text.encode()).documents
    assume(documents or not nodes)
    assert [one.index for one in documents] == list(range(len(nodes)))
    for document, node in zip(documents, nodes, strict=True):
        whole = Document(FileText("a.yaml", text), 0, document.value, node)
        for path in paths(document.value):
            assert document.span(path) == whole.span(path)
            assert document.span(path, on_key=True) == whole.span(path, on_key=True)
            assert document.has(path) == whole.has(path)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("---\na: 1\nb: 'x'  # c\n", {"a": 1, "b": "x"}),
        (
            "a:\n- b: 1\n  c:\n  - 2\n-\n- - x\n  - z\nd:\n",
            {"a": [{"b": 1, "c": [2]}, None, list("xz")], "d": None},
        ),
        ("on:\n    8080: yes\n", {"true": {"8080": True}}),
        ('hosts: ["*", a]  # all\nempty: {}\n', {"hosts": ["*", "a"], "empty": {}}),
        ("a: |\n  one\n\n    two\n \n", {"a": "one\n\n  two\n"}),
        ("b: >-\n  one\n  two\n\n  three\n", {"b": "one two\nthree"}),
        ("a: |2-\n\n\n   x\n  y\nb: >3\n     z\n", {"a": "\n\n x\ny", "b": "  z\n"}),
        ("a:\n- b: |-1\n\n     x\n", {"a": [{"b": "\n  x"}]}),
        ("- |+\n  keep\n\n- >\n  a\n   b\n  c\n", ["keep\n\n", "a\n b\nc\n"]),
        ("a: 1\r\nb: |\r\n  x\r\n", {"a": 1, "b": "x\n"}),
        ("---\n# nothing but comments\n", None),
        ("a: one\n  two\n\n  three\nb: 'it\n  goes on'\n", {"a": "one two\nthree", "b": "it goes on"}),
        (
            'f:a:\n  .: {}\n  k:{"port":80,"protocol":"TCP"}:\n    .: {}\n  v:"x":  1\n',
            {"f:a": {".": {}, 'k:{"port":80,"protocol":"TCP"}': {".": {}}, 'v:"x"': 1}},
        ),
        ("a: [x,\n  y z]\nb:\n  {c: 1}\nf:d: 1\n", {"a": ["x", "y z"], "b": {"c": 1}, "f:d": 1}),
    ],
)
def test_what_most_manifests_are_written_in_takes_no_nodes(text: str, value: Any) -> None:
    assert block_values(text) == [value]
    assert [one.value for one in read("a.yaml", text.encode()).documents] == [value]


@pytest.mark.parametrize(
    "text",
    [
        "a: &x 1\nb: *x\n",
        "a: one\n  two: three\n",
        "a: one # c\n  two\n",
        "a:\n  &x one\nb: *x\n",
        "a: [&x one,\n  *x]\n",
        "a: 1\na: 2\n",
        "a: !!str 1\n",
        "<<: {a: 1}\n",
        "a: 1\n b: 2\n",
        "a: |2\n   \n  x\n",
        "a: |\n   \n  x\n",
        "a: |\n  x",
        "text\n",
        "a:\tb\n",
        'k:{"a": 1}: 2\n',
        'k:{"a":\t1}: 2\n',
        "--- {a: 1}\n",
        '{"a": 1}\n',
        "a: b\u2028c\n",
    ],
)
def test_the_rest_is_left_to_libyaml(text: str) -> None:
    assert isinstance(block_values(text), Unread)


def test_collections_on_equal_lines_are_not_shared() -> None:
    first, second = read("a.yaml", b"a:\n- b: [x]\n- b: [x]\n").documents[0].value["a"]
    assert first == second
    assert first["b"] is not second["b"]
