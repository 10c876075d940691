"""What a document may say is told from its file, and never misses what it does say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from meshlint.documents import Document, read
from meshlint.documents.blanks import blanks, with_values
from tests.shared import SHARED, needs_shared

_WORD = re.compile(r"[\w.<>-]+")


def _document(text: str) -> Document:
    (document,) = read("a.yaml", text.encode()).documents
    return document


def _words(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _WORD.findall(key)
            yield from _words(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _words(inner)
    elif isinstance(value, str):
        yield from _WORD.findall(value)


def test_what_stands_nowhere_in_a_file_is_not_said() -> None:
    document = _document("kind: A\nspec: {host: web}\n")
    assert [document.may_say(word) for word in ("host", "web", "env", "<")] == [True, True, False, False]
    assert document.may_say("env", "host")


def test_a_word_in_small_letters_is_heard_in_any_case() -> None:
    text = _document("kind: A\nspec: {host: Web.Shop}\n").text
    assert [text.may_say_folded(word) for word in ("web", "shop", "kind", "env")] == [True, True, True, False]
    assert _document('kind: A\nspec: {host: "w\\x65b"}\n').text.may_say_folded("web")


def test_a_document_holds_what_stands_in_it_and_not_what_the_next_one_says() -> None:
    one, two = read("a.yaml", b"kind: A\n---\nkind: B\nspec: {host: web}\n").documents
    assert [one.may_hold("web"), two.may_hold("host")] == [False, True]
    assert one.may_say("host")


@pytest.mark.parametrize(
    "text",
    [
        'a: "\\x3cname>"\n',
        'a: "\\u003cname>"\n',
        'a: "<\\\n  name>"\n',
        "a: ${NAME}\n",
        "a: 'it''s <name>'\n",
        "a: >-\n  what <name>\n  is\n",
        "? <name>\n: b\n",
        "x: &n <name>\na: *n\n",
    ],
)
def test_what_is_escaped_folded_or_filled_in_may_be_said(text: str) -> None:
    document = _document(text)
    filled = with_values(document, {blank.path: "<name>" for blank in blanks(document)})
    assert any("<" in word for word in _words(filled.value))
    assert filled.may_say("<")


@needs_shared
def test_what_real_documents_say_they_may_say() -> None:
    files = sorted((SHARED / "corpus").rglob("*.y*ml"))[::25]
    documents = [one for file in files for one in read(file.name, file.read_bytes()).documents]
    assert len(documents) > 100
    assert [word for one in documents for word in _words(one.value) if not one.may_say(word)] == []
