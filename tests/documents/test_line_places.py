"""Lines that are told from the text alone are those that nodes tell."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from meshlint.documents import Document, Field, read
from meshlint.documents.line_places import line_of
from tests.shared import PROJECT

EXAMPLES = sorted((PROJECT / "examples").rglob("*.y*ml"))
TEXT = """\
# first
a:
  b: 1 # one
  c:
    # two
    d: |
      a: x
    e:
      long text
    f: "in
      two lines"
  "g": quoted
  h: [1, 2]
  i: {j: 1}
  k:
  - l: 1
    m: 2
  n: >-
    b: 1
  o:
---
# only this
a:
    b:  far in
    a: { b: 1,
      c: 2 }
b: ~
c: null # nothing
d:
- a
-   b: 1
url:x: 1
x: http://a:80
"""


def fields(document: Document) -> Iterator[Field]:
    """Every place in a document, and one beside it that is not there."""
    waiting = [Field(document, (), document.value)]
    while waiting:
        field = waiting.pop()
        yield field
        steps = field.value if isinstance(field.value, dict | list) else ()
        keys = list(steps) if isinstance(steps, dict) else list(range(len(steps)))
        waiting.extend(field / key for key in keys)
        if isinstance(steps, dict):
            yield field / "not-there"


def agree(path: str, data: bytes) -> int:
    told = [
        [line_of(field, on_key=on_key) for on_key in (True, False)]
        for document in read(path, data).documents
        for field in fields(document)
    ]
    spans = [
        [field.span(on_key=on_key).line for on_key in (True, False)]
        for document in read(path, data).documents
        for field in fields(document)
    ]
    assert told == spans
    return len(told)


def test_lines_of_what_is_written_in_many_ways() -> None:
    assert agree("a.yaml", TEXT.encode()) > 30
    assert agree("a.yaml", TEXT.replace("\n", "\r\n").encode()) > 30
    assert agree("a.json", b'{"a": {"b": [1, {"c": 2}]},\n "d": 1}') > 5


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_lines_of_the_examples(path: object) -> None:
    agree(str(path), PROJECT.joinpath(str(path)).read_bytes())


def test_no_node_is_made_for_the_name_of_an_object(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise AssertionError

    monkeypatch.setattr(Document, "span", fail)
    text = "# one\napiVersion: v1\nkind: Service\nmetadata:\n  labels:\n    name: x\n  name: pay\n"
    (document,) = read("a.yaml", text.encode()).documents
    assert line_of(Field(document, (), document.value) / "metadata" / "name") == 7
