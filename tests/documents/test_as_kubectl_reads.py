"""Texts that kubectl reads where libyaml alone would not, or otherwise.

What stands here as the value was read by `YAMLOrJSONDecoder` of Kubernetes 1.34 (sigs.k8s.io/yaml).
"""

from __future__ import annotations

import pytest

from meshlint.documents import ProblemKind, Span, read

VALUES = {
    "a: &x 1\nb: *x\nc: &x 2\nd: *x\n": [{"a": 1, "b": 1, "c": 2, "d": 2}],
    "a: &x {p: 1}\nb: {<<: *x, q: 3}\nc: &x {p: 2}\nd: {<<: [*x, {r: 4}]}\n": [
        {"a": {"p": 1}, "b": {"p": 1, "q": 3}, "c": {"p": 2}, "d": {"p": 2, "r": 4}}
    ],
    'a: &x {p: 1}\nb: {"<<": *x}\n': [{"a": {"p": 1}, "b": {"<<": {"p": 1}}}],
    "hosts: [2001:db8::, 10.0.0.1]\n": [{"hosts": ["2001:db8::", "10.0.0.1"]}],
    "hosts:\n- ::1\n- ::/0\n": [{"hosts": ["::1", "::/0"]}],
    "a: !!str 1\nb: !!binary aGVsbG8=\n": [{"a": "1", "b": "hello"}],
    '{"a": 1}\n{"b": 2}\n': [{"a": 1}, {"b": 2}],
    '{"a": "}{"}{"b": {"c": []}}  ': [{"a": "}{"}, {"b": {"c": []}}],
    "a: 1\t# one\nb:\t2\n": [{"a": 1, "b": 2}],
    "a: 1\n...\n---\nb: 2\n...\n": [{"a": 1}, {"b": 2}],
}


@pytest.mark.parametrize("text", VALUES)
def test_values(text: str) -> None:
    reading = read("a.yaml", text.encode())
    assert reading.problems == ()
    assert [document.value for document in reading.documents] == VALUES[text]


@pytest.mark.parametrize("text", ["a: {x: 1}\na: {x: 1}\n", "b: {a: 1, a: 1}\n", "a:\na: {x: 1}\n"])
def test_a_key_repeated_with_its_value_loses_nothing(text: str) -> None:
    (problem,) = read("a.yaml", text.encode()).problems
    assert problem.kind is ProblemKind.REPEATED_KEY
    assert "so its first value is lost" not in problem.message


def test_a_key_repeated_with_another_value_loses_the_first() -> None:
    (problem,) = read("a.yaml", b"a: {x: 1}\na: {x: 2}\n").problems
    assert problem.kind is ProblemKind.DUPLICATE_KEY


def test_places_in_values_that_follow_each_other() -> None:
    reading = read("a.json", b'{"a": 1}\n  {"b": 2} {"c":\n 3}')
    assert [one.span(tuple(one.value)) for one in reading.documents] == [
        Span(1, 7, 1, 8),
        Span(2, 9, 2, 10),
        Span(3, 2, 3, 3),
    ]


def test_values_that_follow_each_other_are_bounded() -> None:
    text = '{"a": 1}' * 3000
    assert len(read("a.json", text.encode()).problems) == 1


def test_what_is_no_mapping_cannot_be_merged() -> None:
    (problem,) = read("a.yaml", b"a:\n  <<: text\n").problems
    assert (problem.kind, problem.span.line) == (ProblemKind.SYNTAX, 2)


@pytest.mark.parametrize("text", ["hosts: [::1]\n", "hosts: [2001:db8::1, ::/0]\n"])
def test_a_colon_that_begins_a_text_in_a_flow_needs_quotes(text: str) -> None:
    (problem,) = read("a.yaml", text.encode()).problems
    assert "needs quotes" in problem.message


@pytest.mark.parametrize(
    "text",
    [
        "kind: A\nname: {{ name }}\n",
        "kind: A\nname: {{ index .names 0 }}\n",
        "kind: <%= kind %>\n<% if ready %>\nname: a\n<% end %>\n",
        "{% for one in all %}\nkind: A\n---\n{% endfor %}\n",
    ],
)
def test_templates_of_other_tools(text: str) -> None:
    assert read("a.yaml", text.encode()).is_template


def test_quoted_placeholders_do_not_hide_a_slip() -> None:
    reading = read("a.yaml", b'kind: A\nname: "{{ name }}"\n wrong: b\n')
    assert not reading.is_template
    assert len(reading.problems) == 1
