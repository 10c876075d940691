from __future__ import annotations

import json
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meshlint.documents import Field, Problem, ProblemKind, Reading, Span, comments, read
from meshlint.documents.nesting import DEEPEST


def one(text: str) -> Reading:
    return read("a.yaml", text.encode())


def only_problem(reading: Reading) -> Problem:
    assert len(reading.problems) == 1
    return reading.problems[0]


def test_every_key_and_value_has_a_place() -> None:
    document = one("spec:\n  hosts:\n  - reviews\n  http:\n  - route:\n    - weight: 90\n").documents[0]
    assert document.span(("spec", "hosts", 0)) == Span(3, 5, 3, 12)
    assert document.span(("spec", "http", 0, "route", 0, "weight")) == Span(6, 15, 6, 17)
    assert document.span(("spec", "http", 0, "route", 0, "weight"), on_key=True) == Span(6, 7, 6, 13)
    assert document.span(("spec", "http")) == Span(4, 3, 4, 7)
    assert document.span(("spec", "http", 0)) == Span(5, 5, 5, 10)


def test_what_is_absent_is_reported_at_what_should_hold_it() -> None:
    document = one("spec:\n  hosts: []\n  rules:\n").documents[0]
    assert document.span(("spec", "http", 0, "route")) == Span(1, 1, 1, 5)
    assert document.span(("spec", "rules")) == Span(3, 3, 3, 8)
    assert document.has(("spec", "hosts"))
    assert not document.has(("spec", "http"))


def test_columns_count_characters_not_bytes() -> None:
    document = one('a: {"größe": "ü", b: c}\n').documents[0]
    assert document.span(("a", "b")) == Span(1, 22, 1, 23)


def test_merge_keys_and_anchors() -> None:
    text = "base: &b\n  mode: STRICT\n  port: 1\nmtls:\n  <<: *b\n  port: 2\nmany:\n  <<: [*b, {x: 1}]\n"
    document = one(text).documents[0]
    assert document.value["mtls"] == {"mode": "STRICT", "port": 2}
    assert document.value["many"] == {"mode": "STRICT", "port": 1, "x": 1}
    assert document.span(("mtls", "mode")) == Span(2, 9, 2, 15)
    assert document.span(("many", "x")).line == 8


def test_json_and_many_documents() -> None:
    assert read("a.json", json.dumps({"a": [1, True, None, "on"]}).encode()).documents[0].value == {
        "a": [1, True, None, "on"]
    }
    reading = one("a: 1\n---\n---\nb: 2\n...\n---\nc: 3\n")
    assert [document.value for document in reading.documents] == [{"a": 1}, None, {"b": 2}, {"c": 3}]


def test_crlf_and_byte_order_marks() -> None:
    reading = read("a.yaml", b"\xef\xbb\xbfa: 1\r\nb: x\r\n")
    assert reading.documents[0].value == {"a": 1, "b": "x"}
    assert reading.documents[0].span(("b",)) == Span(2, 4, 2, 5)
    assert read("a.yaml", "a: ü\n".encode("utf-16")).documents[0].value == {"a": "ü"}


def test_duplicate_keys_are_told_and_the_last_counts() -> None:
    reading = one("a: 1\nb:\n  c: 1\n  c: 2\n")
    problem = only_problem(reading)
    assert problem.kind is ProblemKind.DUPLICATE_KEY
    assert (problem.span, problem.related) == (Span(4, 3, 4, 4), Span(3, 3, 3, 4))
    assert reading.documents[0].value == {"a": 1, "b": {"c": 2}}
    assert reading.documents[0].span(("b", "c")) == Span(4, 6, 4, 7)


@pytest.mark.parametrize(
    ("text", "kind", "line"),
    [
        ("a: 1\n\tb: 2\n", ProblemKind.TAB, 2),
        ("a: b: c\n", ProblemKind.SYNTAX, 1),
        ("a: [1, 2\nb: 3\n", ProblemKind.SYNTAX, 2),
        ("a: 'x\n", ProblemKind.SYNTAX, 1),
        ("a: *nowhere\n", ProblemKind.SYNTAX, 1),
        ("a:\n  - b\n c: d\n", ProblemKind.SYNTAX, 3),
        ("a: 1\n<<<<<<< HEAD\nb: 2\n=======\nb: 3\n>>>>>>> other\n", ProblemKind.MERGE_CONFLICT, 2),
        ("a: \x07\n", ProblemKind.ENCODING, 1),
        ("? [a, b]\n: c\n", ProblemKind.UNUSABLE_KEY, 1),
    ],
)
def test_what_cannot_be_read_has_a_place(text: str, kind: ProblemKind, line: int) -> None:
    problem = only_problem(one(text))
    assert (problem.kind, problem.span.line) == (kind, line)
    assert problem.message


def test_bytes_that_are_not_utf8() -> None:
    problem = only_problem(read("a.yaml", b"a: 1\nb: \xff\xfe\n"))
    assert (problem.kind, problem.span) == (ProblemKind.ENCODING, Span(2, 4, 2, 5))


@pytest.mark.parametrize("depth", [201, 10_000, 100_000])
@pytest.mark.parametrize("shape", ["[", "- ", "{a: ", "[[[x], {}], "])
def test_nesting_is_bounded(depth: int, shape: str) -> None:
    closing = {"[": "]", "- ": "", "{a: ": "}"}.get(shape, "]")
    problem = only_problem(one(shape * depth + "x" + closing * depth + "\n"))
    assert problem.kind is ProblemKind.TOO_DEEP


def test_nesting_by_indentation_is_bounded() -> None:
    text = "".join(" " * depth + "a:\n" for depth in range(400))
    assert only_problem(one(text)).kind is ProblemKind.TOO_DEEP


@pytest.mark.parametrize("number", [150, 250])
@pytest.mark.parametrize("head", ["a: ", "- ", "a:\n- b: ", "x: 1\n---\na: "])
def test_brackets_within_a_block_are_bounded(number: int, head: str) -> None:
    reading = one(head + "[" * number + "]" * number + "\n")
    kinds = [problem.kind for problem in reading.problems]
    assert kinds == ([ProblemKind.TOO_DEEP] if number > DEEPEST else [])
    assert bool(reading.documents) is (number < DEEPEST)


@pytest.mark.parametrize("levels", [60, 99, 150, 198, 250])
def test_a_block_is_read_alike_however_deep_it_is(levels: int) -> None:
    text = "".join(" " * level + "a:\n" for level in range(levels)) + " " * levels + "a: [b]\n"
    reading = one(text)
    if levels + 2 > DEEPEST:
        assert only_problem(reading).kind is ProblemKind.TOO_DEEP
        return
    value, depth = reading.documents[0].value, 0
    while isinstance(value, dict):
        value, depth = value["a"], depth + 1
    assert (value, depth) == (["b"], levels + 1)


def test_a_line_of_dashes_alone_is_soon_given_up() -> None:
    assert only_problem(one("a:\n" + "- " * 200_000 + "x\n")).kind is ProblemKind.TOO_DEEP


def test_many_brackets_side_by_side_are_not_deep() -> None:
    reading = one("a:\n" + "- [{b: []}]\n" * 1000)
    assert not reading.problems
    assert len(reading.documents[0].value["a"]) == 1000


def test_an_alias_bomb_is_refused_and_the_rest_is_read() -> None:
    bomb = "l0: &l0 [x, x, x, x, x, x, x, x, x, x]\n"
    bomb += "".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 10)}]\n" for n in range(1, 12))
    reading = one(bomb + "---\na: 1\n")
    assert only_problem(reading).kind is ProblemKind.TOO_MANY_ALIASES
    assert [document.value for document in reading.documents] == [{"a": 1}]


def test_an_anchor_inside_itself_ends() -> None:
    assert only_problem(one("a: &a [*a]\n")).kind is ProblemKind.TOO_MANY_ALIASES


def test_a_broken_document_does_not_hide_its_neighbours() -> None:
    reading = one("a: 1\n---\nb: [\n---\nc: 3\nc: 4\n")
    assert [document.value for document in reading.documents] == [{"a": 1}, {"c": 4}]
    assert [(p.kind, p.span.line) for p in reading.problems] == [
        (ProblemKind.SYNTAX, 4),
        (ProblemKind.DUPLICATE_KEY, 6),
    ]
    assert reading.documents[1].span(("c",)).line == 6


@pytest.mark.parametrize(
    "text",
    [
        "name: {{ .Release.Name }}\n",
        "{{- if .Values.on }}\na: 1\n{{- end }}\n",
        'a: {{ include "x" . | nindent 4 }}\n',
        "{% for x in y %}\na: {{ x }}\n{% endfor %}\n",
    ],
)
def test_templates_are_recognised(text: str) -> None:
    reading = one(text)
    assert reading.is_template
    assert not reading.documents


def test_template_words_inside_values_are_no_template() -> None:
    reading = one('a: "{{ $labels.pod }}"\nb: |\n  {{ .Values.x }}\n')
    assert not reading.is_template
    assert reading.documents[0].value["a"] == "{{ $labels.pod }}"


def test_comments_that_speak_to_meshlint() -> None:
    text = one("a: 1  # meshlint: ignore[X] why\n# meshlint: ignore[Y]\nb: 'x # not: one'\n").text
    found = list(comments(text))
    assert [(c.body, c.alone, c.span.line) for c in found] == [
        ("ignore[X] why", False, 1),
        ("ignore[Y]", True, 2),
    ]
    assert list(comments(one("a: 1 # nothing\n").text)) == []


def test_empty_files() -> None:
    assert one("").documents == ()
    assert one("# only a comment\n").documents == ()


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.text(string.printable, max_size=8)
    | st.text(st.characters(exclude_categories=["C"]), max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(exclude_categories=["C"]), max_size=6), inner, max_size=4)
    ),
    max_leaves=15,
)


def assert_places(field: Field) -> None:
    span = field.span()
    assert span.line >= 1
    for inner in (*field.items(), *field.fields()):
        assert inner.document.has(inner.path)
        assert_places(inner)


@settings(max_examples=150, deadline=None)
@given(json_values)
def test_json_is_read_as_it_is_and_every_value_has_a_place(value: object) -> None:
    for text in (json.dumps(value), json.dumps(value, indent=2, ensure_ascii=False)):
        reading = one(text)
        if isinstance(value, str) and not text.isprintable():
            continue
        assert not reading.problems
        document = reading.documents[0]
        assert document.value == value
        assert_places(Field(document, (), document.value))


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_no_bytes_crash_the_reader(data: bytes) -> None:
    reading = read("a.yaml", data)
    for problem in reading.problems:
        assert problem.span.line >= 1
        assert problem.span.column >= 1


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="ab:-[]{}&*<>|'\"#?!\n\t ,0", max_size=40))
def test_no_yaml_like_text_crashes_the_reader(text: str) -> None:
    read("a.yaml", text.encode())


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: [10.0.0.1, 2001:db8::]", {"a": ["10.0.0.1", "2001:db8::"]}),
        ("a: [fd00::, x]", {"a": ["fd00::", "x"]}),
        ('a: {"b":[1], c: fd00::}', {"a": {"b": [1], "c": "fd00::"}}),
        ("a: [fd00::]\nb: 'x:]'\nc: |\n  y:,\n", {"a": ["fd00::"], "b": "x:]", "c": "y:,\n"}),
        ("a: [&x fd00::, *x]", {"a": ["fd00::", "fd00::"]}),
    ],
)
def test_a_colon_may_end_a_text_in_a_flow(text: str, value: object) -> None:
    reading = read("a.yaml", text.encode())
    assert reading.problems == ()
    assert [one.value for one in reading.documents] == [value]


def test_the_place_behind_such_a_colon_is_that_of_the_text() -> None:
    (document,) = read("a.yaml", b"a: [fd00::, second]").documents
    assert document.span(("a", 1)).column == 13


def test_what_is_broken_beside_such_a_colon_stays_broken() -> None:
    reading = read("a.yaml", b"a: [fd00::, x:[1]")
    assert [one.kind for one in reading.problems] == [ProblemKind.SYNTAX]
