"""Documents of texts that take libyaml's nodes, and what is left of texts that libyaml refuses."""

from __future__ import annotations

import yaml
from yaml.nodes import Node

from meshlint.documents.block import block_values
from meshlint.documents.compose import compose
from meshlint.documents.conflict import parts
from meshlint.documents.document import Document, Stretch, Text
from meshlint.documents.problem import Problem, ProblemKind
from meshlint.documents.reading import Chunk, Reading, chunks
from meshlint.documents.streams import json_values
from meshlint.documents.syntax import PLACEHOLDER, syntax_problem
from meshlint.documents.templates import is_template
from meshlint.documents.values import MOST_VALUES, Builder, node_span, written_out


def alone(text: Text, chunk: Chunk, index: int) -> tuple[Reading, int | None]:
    """What stands in a chunk, and how many documents that is; `index` numbers the first.

    Without a number it is what the whole text holds: libyaml cannot read the chunk alone.
    """
    try:
        nodes = compose(text.content[chunk.start : chunk.end])
    except yaml.YAMLError as error:
        is_all = chunk.end - chunk.start == len(text.content)
        return _broken(text, error) if is_all else as_a_whole(text), None
    return _documents(text, nodes, chunk.first_line, index), len(nodes)


def as_a_whole(text: Text) -> Reading:
    """What libyaml says of the whole text: directives make documents depend on what stands before them."""
    try:
        return _documents(text, compose(text.content), 0)
    except yaml.YAMLError as error:
        return _broken(text, error)


def _broken(text: Text, error: yaml.YAMLError) -> Reading:
    return _stream(text) or _salvage(text, error)


def _stream(text: Text) -> Reading | None:
    """The documents of a file that holds JSON values one after the other."""
    values = json_values(text.content)
    return _documents(text, [node for value in values for node in compose(value)], 0) if values else None


def beside_conflict(text: Text, conflict: Problem) -> Reading:
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
        if any(problem.kind is ProblemKind.UNUSABLE_KEY for problem in builder.problems) and is_template(
            text.content
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


def _salvage(text: Text, error: yaml.YAMLError) -> Reading:
    """Read each document of a broken file alone, so that one slip does not hide the others."""
    if is_template(text.content):
        return Reading(text, is_template=True)
    documents: list[Document] = []
    problems: list[Problem] = []
    for chunk in chunks(text.content):
        try:
            reading = _salvaged(text, chunk, len(documents))
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


def _salvaged(text: Text, chunk: Chunk, index: int) -> Reading:
    """What stands in one chunk of a broken text; raises `yaml.YAMLError`."""
    content = text.content[chunk.start : chunk.end]
    values = block_values(content)
    if not isinstance(values, list):
        return _documents(text, compose(content), chunk.first_line, index)
    stretch = Stretch(text, chunk.start, chunk.end)
    return Reading(text, tuple(Document(text, index, one, stretch, chunk.first_line) for one in values))
