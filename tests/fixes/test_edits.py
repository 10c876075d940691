"""Edits of texts: what is asked for changes, and not one character beside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from meshlint.checks.mending import Add, Edit, Enlist, Fix, Move, Nest, Remove, Rename, Replace
from meshlint.documents import Field, read
from meshlint.fixes import applied, changes_of
from meshlint.fixes.meaning import edited

Path = tuple[str | int, ...]


def at(text: str, *path: str | int) -> Field:
    (document,) = read("a.yaml", text.encode()).documents
    value: Any = document.value
    for step in path:
        value = value.get(step) if isinstance(value, dict) else value[step]
    return Field(document, path, value)


def after(text: str, *edits: Edit) -> str | None:
    changes = changes_of(Fix("try", edits))
    if changes is None:
        return None
    new = applied(text, changes)
    (document,) = read("a.yaml", new.encode()).documents
    document_before = (edits[0].into if isinstance(edits[0], Add) else edits[0].at).document
    assert document.value == edited(document_before.value, edits)
    return new


BLOCK = """\
# head
spec:   # what it says
  hots: [a]   # misspelt

  mode: 'STRCT'  # quoted
  port: "80"
  rules:
  # before
  - name: x   # first
    to: y
  # between
  - name: z
# foot
  last: |
    text: in it
    # no comment
"""


@pytest.mark.parametrize(
    ("make", "old", "new"),
    [
        (lambda t: Rename(at(t, "spec", "hots"), "hosts"), "  hots: [a]", "  hosts: [a]"),
        (lambda t: Replace(at(t, "spec", "mode"), "STRICT"), "'STRCT'", "'STRICT'"),
        (lambda t: Replace(at(t, "spec", "port"), 80), '"80"', "80"),
        (lambda t: Replace(at(t, "spec", "port"), "no: thing"), '"80"', '"no: thing"'),
        (lambda t: Replace(at(t, "spec", "rules", 0, "to"), "true"), "to: y", 'to: "true"'),
        (lambda t: Replace(at(t, "spec", "rules", 0, "to"), "a # b"), "to: y", 'to: "a # b"'),
        (lambda t: Remove(at(t, "spec", "port")), '  port: "80"\n', ""),
        (lambda t: Remove(at(t, "spec", "rules", 1)), "  - name: z\n", ""),
        (lambda t: Remove(at(t, "spec", "rules", 0, "to")), "    to: y\n", ""),
        (lambda t: Remove(at(t, "spec", "last")), "  last: |\n    text: in it\n    # no comment\n", ""),
        (
            lambda t: Nest(at(t, "spec", "port"), "portal", "number"),
            'port: "80"',
            'portal:\n    number: "80"',
        ),
        (lambda t: Enlist(at(t, "spec", "mode"), "modes"), "mode: 'STRCT'", "modes: ['STRCT']"),
        (
            lambda t: Add(at(t, "spec", "rules", 0), "group", {"a": {"b": [1, "x"]}}),
            "    to: y\n",
            "    to: y\n    group:\n      a:\n        b: [1, x]\n",
        ),
        (
            lambda t: Move(at(t, "spec", "mode"), at(t, "spec", "rules", 1), "mode"),
            "  mode: 'STRCT'  # quoted\n",
            "",
        ),
    ],
)
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_in_a_block(make: Callable[[str], Edit], old: str, new: str, ending: str) -> None:
    text, old, new = (part.replace("\n", ending) for part in (BLOCK, old, new))
    edit = make(text)
    wanted = text.replace(old, new)
    if isinstance(edit, Move):
        wanted = wanted.replace(f"- name: z{ending}", f"- name: z{ending}    mode: 'STRCT'  # quoted{ending}")
    assert wanted != text
    assert after(text, edit) == wanted


FLOW = '{"spec": {"hots": ["a", "b"], "mode": "STRCT", "port": {"number": 80}},\n "kind": "X"}'
PORT = '"port": {"number": 80}'
IN_PORT = '"port": {"number": 80, "m": "STRCT"}'
MOVED = '"mode": "STRCT", "port": {"number": 80}'
PRETTY = '{\n  "spec": {\n    "mode": "A",\n    "hots": [\n      "a",\n      "b"\n    ]\n  }\n}\n'


@pytest.mark.parametrize(
    ("text", "make", "old", "new"),
    [
        (FLOW, lambda t: Rename(at(t, "spec", "hots"), "hosts"), '"hots"', '"hosts"'),
        (FLOW, lambda t: Replace(at(t, "spec", "mode"), "STRICT"), '"STRCT"', '"STRICT"'),
        (FLOW, lambda t: Remove(at(t, "spec", "hots", 0)), '"a", ', ""),
        (FLOW, lambda t: Remove(at(t, "spec", "hots", 1)), ', "b"', ""),
        (FLOW, lambda t: Remove(at(t, "spec", "mode")), '"mode": "STRCT", ', ""),
        (FLOW, lambda t: Remove(at(t, "kind")), ',\n "kind": "X"', ""),
        (FLOW, lambda t: Enlist(at(t, "spec", "port"), "ports"), PORT, '"ports": [{"number": 80}]'),
        (FLOW, lambda t: Nest(at(t, "spec", "mode"), "m", "n"), '"mode": "STRCT"', '"m": {"n": "STRCT"}'),
        (FLOW, lambda t: Add(at(t, "spec"), "g", {"a": 1}), '80}}', '80}, "g": {"a": 1}}'),
        (FLOW, lambda t: Move(at(t, "spec", "mode"), at(t, "spec", "port"), "m"), MOVED, IN_PORT),
        (PRETTY, lambda t: Add(at(t, "spec"), "g", "x"), '"b"\n    ]', '"b"\n    ],\n    "g": "x"'),
    ],
)  # fmt: skip
def test_in_a_flow(text: str, make: Callable[[str], Edit], old: str, new: str) -> None:
    assert text.count(old) == 1
    assert after(text, make(text)) == text.replace(old, new)


def test_a_list_of_a_block_mapping_and_the_first_key_of_an_entry() -> None:
    rules = "  rules:\n    - from: a\n      to: b\n"
    text = f"spec:\n  targetRef:\n    kind: X # x\n    name: |\n      a\n\n      b\n{rules}"
    assert after(text, Enlist(at(text, "spec", "targetRef"), "targetRefs")) == (
        "spec:\n  targetRefs:\n    - kind: X # x\n      name: |\n        a\n\n        b\n"
        "  rules:\n    - from: a\n      to: b\n"
    )
    assert after(text, Remove(at(text, "spec", "rules", 0, "from"))) == text.replace("from: a\n      ", "")


def test_a_moved_block_keeps_its_lines_and_comments() -> None:
    text = "a:\n  b:\n    c: 1\n    d:\n      # of e\n      e: 2 # two\n  f: 3\n"
    assert after(text, Move(at(text, "a", "b", "d"), at(text, "a"), "d")) == (
        "a:\n  b:\n    c: 1\n  f: 3\n  d:\n    # of e\n    e: 2 # two\n"
    )


def test_the_last_line_without_an_end() -> None:
    text = "a:\n  b: 1"
    assert after(text, Add(at(text, "a"), "c", 2)) == "a:\n  b: 1\n  c: 2"
    assert after(text + "\n  c: 2", Remove(at(text + "\n  c: 2", "a", "c"))) == "a:\n  b: 1\n"


@pytest.mark.parametrize(
    ("text", "make"),
    [
        ("a: &x {b: 1, c: 2}\nd: *x\n", lambda t: Remove(at(t, "d", "b"))),
        ("a: &x {b: 1}\nd: *x\n", lambda t: Replace(at(t, "a", "b"), 2)),
        ("a: &x {b: 1, c: 2}\nd: {<<: *x, e: 3}\n", lambda t: Remove(at(t, "d", "b"))),
        ("a: &x b\nc: d\n", lambda t: Replace(at(t, "a"), "e")),
        ("a: !!str b\nc: d\n", lambda t: Replace(at(t, "a"), "e")),
        ("a: |\n  b\nc: d\n", lambda t: Replace(at(t, "a"), "e")),
        ("a: b\n  c\nd: e\n", lambda t: Replace(at(t, "a"), "e")),
        ("a:\n  b: 1\n", lambda t: Remove(at(t, "a", "b"))),
        ("a: [b]\n", lambda t: Remove(at(t, "a", 0))),
        ("a: {b: 1, # of b\n  c: 2}\n", lambda t: Remove(at(t, "a", "b"))),
        ("a: 1\nb: 2\n", lambda t: Rename(at(t, "a"), "b")),
        ("a: {}\nb: 1\n", lambda t: Add(at(t, "a"), "c", 1)),
        ("a:\n- b: 1\n  # of c\n  c: 2\n", lambda t: Remove(at(t, "a", 0, "b"))),
    ],
)
def test_what_would_touch_more_is_not_done(text: str, make: Callable[[str], Edit]) -> None:
    assert changes_of(Fix("try", (make(text),))) is None


LETTERS = st.characters(
    codec="utf-8", exclude_characters="\x85\u2028\u2029\ufeff", exclude_categories=["Cs", "Cc", "Cn", "Co"]
)
SCALARS = st.integers(-5, 5) | st.booleans() | st.none() | st.text(LETTERS, max_size=8)
KEYS = st.text("abcdefgh", min_size=1, max_size=3)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(KEYS, VALUES, min_size=1, max_size=4), st.data())
def test_whatever_is_edited_means_what_was_asked(value: dict[str, object], data: st.DataObject) -> None:
    style = data.draw(st.sampled_from([None, False, True]))
    text = yaml.safe_dump(
        value, default_flow_style=style, allow_unicode=data.draw(st.booleans()), sort_keys=False
    )
    (document,) = read("a.yaml", text.encode()).documents
    if not isinstance(document.value, dict):
        return
    places = list(_places(document.value, ()))
    path = data.draw(st.sampled_from(places))
    field = at(text, *path)
    if data.draw(st.booleans()) or not isinstance(path[-1], str):
        edit: Edit = Remove(field)
    else:
        edits: list[Edit] = [Rename(field, "zz"), Nest(field, "zz", "y"), Enlist(field, "zz")]
        edit = data.draw(st.sampled_from([*edits, Replace(field, "v w")]))
    after(text, edit)


def _places(value: object, path: Path) -> list[Path]:
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found: list[Path] = []
    for key, inner in pairs:
        found += [(*path, key), *_places(inner, (*path, key))]
    return found
