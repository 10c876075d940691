"""What one file held, and the parts of its text that may each hold a document."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from meshlint.documents.document import Document, Stretch, Text
from meshlint.documents.problem import Problem
from meshlint.values import NamedTuple, evolve, frozen, regex

_SEPARATOR = regex(r"\n---(?=\s|$)")
"""With the end of the line before it: the beginning of a line takes five times as long to find."""


class Chunk(NamedTuple):
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


def read_alike(twin: Reading, path: str) -> Reading | None:
    """What a file holds whose bytes are those of another one: the same values, at the same places.

    None where something is wrong, of which every file is told.
    """
    if twin.problems or twin.torn:
        return None
    text = Text(path, twin.text.content, twin.text.twin or twin.text)
    return evolve(twin, text=text, documents=tuple([evolve(one, text=text) for one in twin.documents]))


def read_beside(new: Reading, old: Reading) -> Reading:
    """What a file holds after an edit, with the very documents of before that stand in it as they did."""
    held = {one.index: one for one in old.documents}
    found = ((held.get(one.index), one) for one in new.documents)
    documents = (old if old is not None and _is_same(old, now) else now for old, now in found)
    return evolve(new, documents=tuple(documents))


def _is_same(old: Document, new: Document) -> bool:
    """Whether two documents are the same characters in the same lines."""
    is_there = old.first_line == new.first_line and old.former_names == new.former_names
    one, other = old.written, new.written
    return is_there and isinstance(one, Stretch) and isinstance(other, Stretch) and one.says == other.says


def chunks(content: str) -> Iterator[Chunk]:
    """The parts of a text between its separators, each with the one before it."""
    starts = [0, *(match.start() + 1 for match in _SEPARATOR.finditer(content)), len(content)]
    line = 0
    for start, end in pairwise(starts):
        if start < end:
            yield Chunk(start, end, line)
            line += content.count("\n", start, end)
