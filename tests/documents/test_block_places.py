"""Places that are told from lines alone are those that nodes tell."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import pytest

from meshlint.documents import Document, Field, read
from meshlint.documents.block_places import span_in
from meshlint.documents.document import Stretch
from meshlint.documents.places import shown
from meshlint.documents.values import node_span
from tests.counting import calls, grows_no_faster
from tests.shared import PROJECT, SHARED, needs_shared

TEXT = """\
---
# first
a:
  b: 1 # one
  "c": 'it''s'   # quoted
  d:   "two"
  e: [1, 2]
  f: {g: 1}
  h: |
    i: x

    - y
  j: >-
    folded
list:
- k: 1
  l:
  - - m
    - n: 1
  - o # two
-
  p: ~
- {q: 1}
- "r": [] # three
- |
  s
empty:
null: null
8080: x
z:
  ? odd
"""
_PARTS = (
    "a: 1",
    "a:",
    "b:",
    "- a",
    "- b: 1",
    "- - c",
    "-",
    "c: |",
    "  x",
    "d: 'e'",
    "# f",
    "",
    "g: [1]",
    '"h": i',
)


def _fields(document: Document) -> Iterator[Field]:
    """Every place in a document, and some beside it that are not there."""
    waiting = [Field(document, (), document.value)]
    while waiting:
        field = waiting.pop()
        yield field
        held = field.value
        steps = list(held) if isinstance(held, dict) else range(len(held)) if isinstance(held, list) else ()
        waiting.extend(field / step for step in steps)
        yield field / "absent"
        yield field / len(steps)


def _differing(document: Document) -> tuple[int, list[object]]:
    """How many places are told from lines, and those that nodes tell otherwise."""
    written = document.written
    assert isinstance(written, Stretch)
    told = 0
    wrong: list[object] = []
    if written.block is None:
        return 0, []
    for field in _fields(document):
        for on_key in (False, True):
            span = span_in(written.block, field.path, on_key=on_key)
            told += span is not None
            by_nodes = node_span(shown(document.node, field.path, on_key=on_key))
            if span is not None and span != by_nodes:
                wrong.append((field.path, on_key, span, by_nodes))
    return told, wrong


def _all_differing(texts: Iterator[str]) -> tuple[int, list[object]]:
    documents = (one for text in texts for one in read("a.yaml", text.encode()).documents)
    found = [_differing(one) for one in documents if isinstance(one.written, Stretch)]
    return sum(told for told, _ in found), [one for _, wrong in found for one in wrong]


def test_each_form_of_a_value() -> None:
    told, wrong = _all_differing(iter([TEXT.replace("  ? odd\n", "  y: 1\n")]))
    assert wrong == []
    assert told > 100


def test_what_lines_do_not_tell_is_left_to_nodes() -> None:
    (document,) = read("a.yaml", TEXT.encode()).documents
    assert Field(document, ("a", "b"), 1).span().line == 4


@pytest.mark.parametrize("seed", range(40))
def test_random_texts(seed: int) -> None:
    chance = Random(seed)
    texts = (
        "\n".join(
            " " * chance.choice((0, 0, 2, 2, 4)) + chance.choice(_PARTS) for _ in range(chance.randint(1, 9))
        )
        for _ in range(60)
    )
    _, wrong = _all_differing(texts)
    assert wrong == []


def test_examples() -> None:
    files = (PROJECT / "examples").rglob("*.yaml")
    told, wrong = _all_differing(file.read_text(encoding="utf-8") for file in files)
    assert wrong == []
    assert told > 100


@needs_shared
def test_real_documents() -> None:
    files = sorted((SHARED / "corpus").rglob("*.y*ml"))[::20]
    told, wrong = _all_differing(file.read_bytes().decode("utf-8", "replace") for file in files)
    assert wrong == []
    assert told > 10_000


def test_places_in_a_long_list_are_found_in_as_many_steps() -> None:
    def work(number: int) -> int:
        text = "items:\n" + "".join(f"- a: {one}\n  b: {{c: 1}}\n" for one in range(number))
        (document,) = read("a.yaml", text.encode()).documents
        items = Field(document, ("items",), document.value["items"]).items()
        return calls(lambda: [(item / "a").span() for item in items])

    assert grows_no_faster(work, 40)
