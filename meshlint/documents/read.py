"""Bytes of one file to documents, or to what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import yaml
from attrs import frozen
from yaml.nodes import Node

from meshlint.documents.block import block_values
from meshlint.documents.compose import compose
from meshlint.documents.conflict import parts
from meshlint.documents.decode import decode
from meshlint.documents.document import Document, Stretch, Text
from meshlint.documents.nesting import nesting_problem
from meshlint.documents.problem import Problem, ProblemKind
from meshlint.documents.span import Span
from meshlint.documents.streams import json_values
from meshlint.documents.syntax import PLACEHOLDER, syntax_problem
from meshlint.documents.values import MOST_VALUES, Builder, node_span, written_out

_CONFLICT = re.compile(r"^(<{7}|>{7}|\|{7})( |$)", re.MULTILINE)
_TEMPLATE = re.compile(
    r"""{%|<%|^[^"'#\n]*{{"""
    r"|{{-?\s*(?:[.$(]|/\*|(?:if|range|with|include|template|define|end|else|toYaml|tpl)\b)",
    re.MULTILINE,
)
"""Go's templates, Jinja, ERB and their like; a pair of braces without quotes is no value in YAML."""
_RARE_BREAKS = "\x85\u2028\u2029"
_SEPARATOR = re.compile(r"^---(?=\s|$)", re.MULTILINE)


class _Chunk(NamedTuple):
    """What stands between two separators: where in the text, and how many lines down."""

    start: int
    end: int
    first_line: int


@frozen(repr=False)
class Reading:
    """What one file held: documents, problems, and whether it is a template that must be rendered first."""

    text: Text
    documents: tuple[Document, ...] = ()
    problems: tuple[Problem, ...] = ()
    is_template: bool = False
    torn: tuple[tuple[int, int], ...] = ()
    """Lines, first and last, of documents that a merge conflict runs through: they are read from our side."""


def read(path: str, data: bytes) -> Reading:
    """The documents in `data`. Never raises: what cannot be read is a problem with a place."""
    decoded = decode(path, data)
    if isinstance(decoded, Problem):
        return Reading(Text(path, ""), problems=(decoded,))
    text = Text(path, decoded)
    refused = nesting_problem(path, decoded)
    if refused is not None:
        return Reading(text, problems=(refused,))
    conflict = _conflict(text)
    if conflict is not None:
        return _beside_conflict(text, conflict)
    if _has_rare_breaks(decoded):
        return _as_a_whole(text)
    try:
        return _one_by_one(text)
    except yaml.YAMLError:
        return _as_a_whole(text)


def _has_rare_breaks(content: str) -> bool:
    """Whether lines end in a way that only libyaml counts (YAML 1.1, 5.4: line break characters)."""
    if "\r" in content and content.count("\r") != content.count("\r\n"):
        return True
    return not content.isascii() and any(mark in content for mark in _RARE_BREAKS)


def _one_by_one(text: Text) -> Reading:
    """The documents of a text that can each be read alone; raises `yaml.YAMLError` where one cannot."""
    documents: list[Document] = []
    problems: list[Problem] = []
    number = 0
    for chunk in _chunks(text.content):
        reading, count = _alone(text, chunk, number)
        if reading.is_template:
            return reading
        documents.extend(reading.documents)
        problems.extend(reading.problems)
        number += count
    return Reading(text, tuple(documents), tuple(problems))


def _alone(text: Text, chunk: _Chunk, index: int) -> tuple[Reading, int]:
    """What stands between two separators, and how many documents that is; `index` numbers the first."""
    content = text.content[chunk.start : chunk.end]
    values = block_values(content)
    if values is None:
        nodes = compose(content)
        return _documents(text, nodes, chunk.first_line, index), len(nodes)
    stretch = Stretch(chunk.start, chunk.end)
    documents = tuple(Document(text, index, value, stretch, chunk.first_line) for value in values)
    return Reading(text, documents), len(values)


def _as_a_whole(text: Text) -> Reading:
    """What libyaml says of the whole text: directives make documents depend on what stands before them."""
    try:
        return _documents(text, compose(text.content), 0)
    except yaml.YAMLError as error:
        return _stream(text) or _salvage(text, error)


def _stream(text: Text) -> Reading | None:
    """The documents of a file that holds JSON values one after the other."""
    values = json_values(text.content)
    return _documents(text, [node for value in values for node in compose(value)], 0) if values else None


def _beside_conflict(text: Text, conflict: Problem) -> Reading:
    """What is whole beside and within the sides of a conflict, and our side of what it runs through."""
    documents: list[Document] = []
    torn: list[tuple[int, int]] = []
    for part in parts(text.content):
        try:
            reading = _documents(text, compose(part.text), part.first_line, len(documents))
        except yaml.YAMLError:
            continue
        documents.extend(reading.documents)
        if part.is_torn:
            torn.append((part.first_line + 1, part.first_line + part.text.count("\n") + 1))
    return Reading(text, tuple(documents), (conflict,), torn=tuple(torn))


def _conflict(text: Text) -> Problem | None:
    match = _CONFLICT.search(text.content)
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


def _documents(text: Text, nodes: list[Node], first_line: int, index: int = 0) -> Reading:
    documents: list[Document] = []
    problems: list[Problem] = []
    may_alias = "&" in text.content and "*" in text.content
    for number, node in enumerate(nodes, start=index):
        builder = Builder(text.path, first_line)
        if may_alias and written_out(node) > MOST_VALUES:
            problems.append(_bomb(text, node, first_line))
            continue
        value = builder.build(node)
        if any(problem.kind is ProblemKind.UNUSABLE_KEY for problem in builder.problems) and _is_template(
            text
        ):
            return Reading(text, is_template=True)
        problems.extend(builder.problems)
        documents.append(Document(text, number, value, node, first_line))
    return Reading(text, tuple(documents), tuple(problems))


def _bomb(text: Text, node: Node, first_line: int) -> Problem:
    return Problem(
        ProblemKind.TOO_MANY_ALIASES,
        text.path,
        node_span(node).down(first_line),
        f"Written out, the aliases of this document make more than {MOST_VALUES:,} values, "
        "so it is not analysed",
    )


def _is_template(text: Text) -> bool:
    return _TEMPLATE.search(text.content) is not None


def _salvage(text: Text, error: yaml.YAMLError) -> Reading:
    """Read each document of a broken file alone, so that one slip does not hide the others."""
    if _is_template(text):
        return Reading(text, is_template=True)
    documents: list[Document] = []
    problems: list[Problem] = []
    for chunk in _chunks(text.content):
        try:
            reading, _ = _alone(text, chunk, len(documents))
        except yaml.YAMLError as chunk_error:
            problems.append(syntax_problem(text, chunk_error, chunk.first_line))
        else:
            documents.extend(reading.documents)
            problems.extend(reading.problems)
    return Reading(text, tuple(documents), _one_of_a_kind(problems) or (syntax_problem(text, error, 0),))


def _one_of_a_kind(problems: list[Problem]) -> tuple[Problem, ...]:
    """Of placeholders that make documents unreadable the first one: whoever fills it in fills in all."""
    first = next((one for one in problems if one.message == PLACEHOLDER), None)
    return tuple(one for one in problems if one is first or one.message != PLACEHOLDER)


def _chunks(content: str) -> Iterator[_Chunk]:
    starts = [0, *(match.start() for match in _SEPARATOR.finditer(content)), len(content)]
    line = 0
    for start, end in pairwise(starts):
        if start < end:
            yield _Chunk(start, end, line)
            line += content.count("\n", start, end)
