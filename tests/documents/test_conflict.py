"""A merge conflict costs its document, not its file; other slips are told by their cause."""

from __future__ import annotations

import pytest

from meshlint.api import check_texts
from meshlint.documents import ProblemKind, read
from meshlint.documents.conflict import parts

WITHIN = "a: 1\n---\nb: 2\n<<<<<<< HEAD\nc: 3\n=======\nc: 4\n>>>>>>> other\nd: 5\n---\ne: 6\n"
WHOLE = "a: 1\n---\n<<<<<<< HEAD\nb: 2\n---\nc: 3\n=======\nd: 4\n>>>>>>> other\n---\ne: 5\n"
CUT = "a: 1\n<<<<<<< HEAD\n=======\nb: 2\n>>>>>>> other\nc: 3\n"


def values(text: str) -> list[object]:
    return [document.value for document in read("a.yaml", text.encode()).documents]


def test_the_documents_beside_are_read_and_our_side_of_the_torn_one() -> None:
    assert values(WITHIN) == [{"a": 1}, {"b": 2, "c": 3, "d": 5}, {"e": 6}]
    assert read("a.yaml", WITHIN.encode()).torn == ((2, 10),)


def test_whole_documents_of_both_sides_are_read() -> None:
    assert values(WHOLE) == [{"a": 1}, {"b": 2}, {"c": 3}, {"e": 5}, {"d": 4}]
    assert read("a.yaml", WHOLE.encode()).torn == ()


def test_what_only_the_other_side_has_tears_a_document_too() -> None:
    assert [part.is_torn for part in parts(CUT)] == [True]


def test_places_are_those_of_the_file() -> None:
    last = read("a.yaml", WITHIN.encode()).documents[-1]
    assert last.span(("e",)).line == 11


def test_the_conflict_alone_is_told_of_a_torn_document() -> None:
    text = "apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata:\n  name: web\nspec:\n"
    text += "<<<<<<< HEAD\n  hots: [web]\n=======\n  hosts: [web]\n>>>>>>> other\n"
    assert [one.rule for one in check_texts({"a.yaml": text}).findings] == ["HYGIENE004"]


@pytest.mark.parametrize(
    ("text", "words", "line"),
    [
        ('a: "55 23 * * *"   // nightly\nb: 1\n', "Text stands after a quoted value", 1),
        ("a:\n  name: [PRODUCT]-agent\n  b: 1\n", "A placeholder in brackets", 2),
    ],
)
def test_causes(text: str, words: str, line: int) -> None:
    (problem,) = read("a.yaml", text.encode()).problems
    assert problem.kind is ProblemKind.SYNTAX
    assert words in problem.message
    assert problem.span.line == line


def test_placeholders_that_break_documents_are_told_once() -> None:
    text = "name: [A]-agent\nb: 1\n---\nname: [B]-agent\nb: 1\n"
    assert len(read("a.yaml", text.encode()).problems) == 1
