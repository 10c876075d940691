"""Where something stands in a document in block style, told from its lines without nodes.

Nodes of a document take longer to make than its values, and a finding asks for one place or two. What is told
here is what the nodes would tell; what takes more than looking at one line after another is left to them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from meshlint.documents.block_scalar import indent, is_blank
from meshlint.documents.lines import (
    BLOCK,
    FLOW,
    NOTHING,
    OPEN,
    SCALAR,
    Line,
    has_foreign_breaks,
    key_extent,
    understood,
    value_extent,
)
from meshlint.documents.span import Path, Span, Step
from meshlint.values import field, frozen

_ROOT = -1
Within = dict[Step, int]
"""The numbers of entries by the steps that lead to them."""


class Entry(NamedTuple):
    """A key, or with None the dash of an item: its line from 0, its column, and the form of its value there.

    What begins on the line of a dash is an entry of its own, unless it is a value.
    """

    line: int
    column: int
    key: str | None
    form: int


@frozen(eq=False, repr=False)
class Block:
    """The lines of a document, and its keys and dashes in their order."""

    lines: Sequence[str]
    entries: Sequence[Entry]
    _within: dict[int, Within] = field(factory=dict)

    def within(self, place: int) -> Within:
        """What stands right within an entry, or the whole: found once, as long lists are asked often."""
        known = self._within.get(place)
        if known is None:
            numbers = tuple(_inner(self.entries, place))
            if numbers and self.entries[numbers[0]].key is not None:
                known = {str(self.entries[one].key): one for one in numbers}
            else:
                known = dict(enumerate(numbers))
            self._within[place] = known
        return known


def block_of(content: str) -> Block | None:
    """The keys and dashes of a document; None where lines alone do not tell them."""
    if has_foreign_breaks(content):
        return None
    lines = content.split("\n")
    found: list[Entry] = []
    below: int | None = None
    """The column of the entry whose text goes on in the lines that are indented further."""
    for number, text in enumerate(lines):
        if below is not None and _is_below(text, below):
            continue
        if number == 0 and text.startswith("---"):
            continue
        line = understood(text)
        if line is True:
            continue
        if line is False or line.form == OPEN or (found and _goes_on(found[-1], line)):
            return None
        if line.dashes or line.key is None:
            found.extend(_entries(number, line))
        else:
            found.append(Entry(number, line.column, line.key, line.form))
        below = found[-1].column if line.form == BLOCK else None
    return Block(lines, found)


def _is_below(text: str, column: int) -> bool:
    return is_blank(text) or indent(text) > column


def _goes_on(last: Entry, line: Line) -> bool:
    """Whether a line belongs to the value of the last entry, which began on the line of that."""
    return last.form in (SCALAR, FLOW) and line.first > last.column


def _entries(number: int, line: Line) -> Iterator[Entry]:
    for column in line.dashes:
        is_last = line.key is None and column == line.dashes[-1]
        yield Entry(number, column, None, line.form if is_last else NOTHING)
    if line.key is not None:
        yield Entry(number, line.column, line.key, line.form)


def span_in(block: Block, path: Path, *, on_key: bool) -> Span | None:
    """Where the value at `path` stands, or its key if asked or if the value is a block, from line 1.

    A path that is absent gives the place of the nearest thing around it. None where only nodes tell.
    """
    place = _ROOT
    for step in path:
        if place != _ROOT and block.entries[place].form == FLOW:
            return None
        found = block.within(place).get(step)
        if found is None:
            break
        place = found
    return _told(block, place, on_key=on_key)


def _inner(entries: Sequence[Entry], place: int) -> Iterator[int]:
    """The numbers of the entries right within one, or within the whole: keys, or dashes."""
    around = entries[place] if place != _ROOT else None
    start = place + 1
    if start >= len(entries) or (around is not None and around.form != NOTHING):
        return
    first = entries[start]
    is_list = first.key is None
    # A list may begin at the column of its key.
    least = -1 if around is None else around.column + (around.key is None or not is_list)
    if first.column < least:
        return
    for number in range(start, len(entries)):
        one = entries[number]
        if one.column < first.column or (one.column == first.column and is_list and one.key is not None):
            return
        if one.column == first.column and (one.key is None) == is_list:
            yield number


def _told(block: Block, place: int, *, on_key: bool) -> Span | None:
    """The span of an entry's value, or of its key, or of what comes first in a value without a key."""
    entry = block.entries[place] if place != _ROOT else None
    if entry is not None and entry.key is not None and (on_key or entry.form in (NOTHING, FLOW)):
        start, end = key_extent(block.lines[entry.line], entry.column)
        return Span(entry.line + 1, start + 1, entry.line + 1, end + 1)
    if entry is None or entry.form == NOTHING:
        inner = next(iter(block.within(place).values()), None)
        if inner is None:
            return None
        return _told(block, inner, on_key=block.entries[inner].key is not None)
    extent = value_extent(block.lines[entry.line], entry.column) if entry.form in (SCALAR, FLOW) else None
    if extent is None:
        return None
    start, end = extent
    if entry.form == FLOW:
        return Span.at(entry.line + 1, start + 1)
    return Span(entry.line + 1, start + 1, entry.line + 1, end + 1)
