"""Bytes of one file to documents, or to what is wrong with them.

What takes nodes, and what says of broken texts how they are broken, is loaded when a text needs it.
"""

from __future__ import annotations

import re
from typing import Any

from meshlint.documents.block import Unread, block_values
from meshlint.documents.decode import decode
from meshlint.documents.document import Document, Stretch, Text
from meshlint.documents.nesting import MOST_VALUES, nesting_problem, volume_problem
from meshlint.documents.problem import Problem, ProblemKind
from meshlint.documents.reading import Reading, chunks
from meshlint.documents.span import Span
from meshlint.documents.templates import OPENING, is_surely_template
from meshlint.values import regex

_CONFLICT = regex(r"^(<{7}|>{7}|\|{7})( |$)", re.MULTILINE)
_MARKS = ("<<<<<<<", ">>>>>>>", "|||||||")
_JSON = regex(r"(?:--- *\n)?[ \n]*[\[{]")
_RARE_BREAKS = "\x85\u2028\u2029"


def read(path: str, data: bytes) -> Reading:
    """The documents in `data`. Never raises: what cannot be read is a problem with a place."""
    decoded = decode(path, data)
    if isinstance(decoded, Problem):
        return Reading(Text(path, ""), problems=(decoded,))
    text = Text(path, decoded)
    conflict, is_odd = _conflict(text), _has_rare_breaks(decoded)
    if conflict is None and not is_odd and len(decoded) < MOST_VALUES:
        return _one_by_one(text)
    refused = nesting_problem(path, decoded) or volume_problem(path, decoded)
    if refused is not None:
        return Reading(text, problems=(refused,))
    if conflict is not None:
        from meshlint.documents.composed import beside_conflict

        return beside_conflict(text, conflict)
    if is_odd:
        from meshlint.documents.composed import as_a_whole

        return as_a_whole(text)
    return _one_by_one(text, is_shallow=True)


def _has_rare_breaks(content: str) -> bool:
    """Whether lines end in a way that only libyaml counts (YAML 1.1, 5.4: line break characters)."""
    if "\r" in content and content.count("\r") != content.count("\r\n"):
        return True
    return not content.isascii() and any(mark in content for mark in _RARE_BREAKS)


def _one_by_one(text: Text, *, is_shallow: bool = False) -> Reading:
    """The documents of a text whose chunks can each be read alone; as a whole where one of them cannot.

    What is read line by line bounds its nesting itself; before anything else is read, all of the text is
    looked through, unless it is known to be shallow.
    """
    documents: list[Document] = []
    problems: list[Problem] = []
    number = 0
    for chunk in chunks(text.content):
        content = text.content[chunk.start : chunk.end]
        bracket = _JSON.match(content)
        values = block_values(content) if bracket is None else Unread.UNCLEAR
        if not isinstance(values, list) and not is_shallow:
            refused = nesting_problem(text.path, text.content)
            if refused is not None:
                return Reading(text, problems=(refused,))
            is_shallow = True
        if bracket is not None:
            is_filled = content.startswith(OPENING, bracket.end() - 1)
            values = Unread.TEMPLATE if is_filled else _json_values(content)
        if values is Unread.TEMPLATE and is_surely_template(text.content):
            return Reading(text, is_template=True)
        if isinstance(values, list):
            stretch = Stretch(text, chunk.start, chunk.end)
            documents += [Document(text, number, value, stretch, chunk.first_line) for value in values]
            number += len(values)
            continue
        from meshlint.documents.composed import alone

        reading, count = alone(text, chunk, number)
        if count is None or reading.is_template:
            return reading
        documents += reading.documents
        problems += reading.problems
        number += count
    return Reading(text, tuple(documents), tuple(problems))


def _json_values(content: str) -> list[Any] | Unread:
    from meshlint.documents.json_text import json_values

    values = json_values(content)
    return Unread.UNCLEAR if values is None else values


def _conflict(text: Text) -> Problem | None:
    content = text.content
    may_hold = any(mark[0] in content and mark in content for mark in _MARKS)
    match = _CONFLICT.search(content) if may_hold else None
    if match is None:
        return None
    line = text.content.count("\n", 0, match.start()) + 1
    return Problem(
        ProblemKind.MERGE_CONFLICT,
        text.path,
        Span.at(line, 1, 7),
        "A merge conflict was committed here, so nothing is said of this document",
        hint="Resolve the conflict and remove the markers.",
    )
