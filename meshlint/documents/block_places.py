"""Where something stands in a document in block style, told from its lines without nodes.

Nodes of a document take longer to make than its values, and a finding asks for one place or two. What is told
here is what the nodes would tell; what takes more than looking at one line after another is left to them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

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
from meshlint.values import NamedTuple, define, field

_ROOT = -1
_AT_ONCE = 8
"""How many entries are looked for where one is asked for: the next ones mostly are, too."""
_ON_ITS_LINE = (SCALAR, FLOW)
"""Forms of values to which a line belongs that is indented further."""
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


class _Unclear(Exception):
    """Something that lines alone do not tell."""


@define(eq=False, repr=False)
class Block:
    """The lines of a document, and its keys and dashes in their order, as far as somebody asked for them.

    Most findings stand at the head of a document, so what comes after it is not looked at.
    """

    lines: Sequence[str]
    _coming: Iterator[Entry]
    entries: list[Entry] = field(factory=list)
    is_unclear: bool = False
    """Whether somebody came to a line that takes more than a look at it."""
    _within: dict[int, tuple[Within, Iterator[int]]] = field(factory=dict)

    def has(self, number: int) -> bool:
        """Whether there is an entry of this number; raises `_Unclear` where lines do not tell."""
        entries = self.entries
        while len(entries) <= number:
            before = len(entries)
            entries.extend(islice(self._coming, _AT_ONCE))
            if len(entries) == before:
                return False
        return True

    def inner(self, place: int, step: Step) -> int | None:
        """The number of the entry to which a step leads from one, or from the whole.

        What stands right within an entry is found once, as long lists are asked often.
        """
        known, coming = self._within_of(place)
        while step not in known:
            number = next(coming, None)
            if number is None:
                return None
            key = self.entries[number].key
            known[len(known) if key is None else key] = number
        return known[step]

    def first(self, place: int) -> int | None:
        """The number of the first entry within one, or within the whole."""
        return next(_inner(self, place), None)

    def _within_of(self, place: int) -> tuple[Within, Iterator[int]]:
        found = self._within.get(place)
        if found is None:
            found = self._within[place] = {}, _inner(self, place)
        return found


def block_of(content: str) -> Block | None:
    """The keys and dashes of a document; None where lines alone do not tell them."""
    if has_foreign_breaks(content):
        return None
    lines = content.split("\n")
    return Block(lines, _entries_of(lines))


def _entries_of(lines: Sequence[str]) -> Iterator[Entry]:
    """The entries that lines open; raises `_Unclear` at a line that takes more than a look at it."""
    last: Entry | None = None
    for number, text in enumerate(lines):
        # The text of the last entry goes on in the lines that are indented further.
        if last is not None and last.form == BLOCK and _is_below(text, last.column):
            continue
        line = True if number == 0 and text.startswith("---") else understood(text)
        if line is True:
            continue
        if line is False:
            raise _Unclear
        first, dashes, column, key, form, _ = line
        if form == OPEN or (last is not None and first > last.column and last.form in _ON_ITS_LINE):
            raise _Unclear
        if dashes or key is None:
            for last in _entries(number, line):
                yield last
        else:
            last = Entry(number, column, key, form)
            yield last


def _is_below(text: str, column: int) -> bool:
    return is_blank(text) or indent(text) > column


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
    try:
        return None if block.is_unclear else _span(block, path, on_key=on_key)
    except _Unclear:
        block.is_unclear = True
        return None


def _span(block: Block, path: Path, *, on_key: bool) -> Span | None:
    place = _ROOT
    for step in path:
        if place != _ROOT and block.entries[place].form == FLOW:
            return None
        found = block.inner(place, step)
        if found is None:
            break
        place = found
    return _told(block, place, on_key=on_key)


def _inner(block: Block, place: int) -> Iterator[int]:
    """The numbers of the entries right within one, or within the whole: keys, or dashes."""
    entries = block.entries
    around = entries[place] if place != _ROOT else None
    number = place + 1
    if (around is not None and around.form != NOTHING) or not block.has(number):
        return
    first = entries[number]
    is_list = first.key is None
    # A list may begin at the column of its key.
    least = -1 if around is None else around.column + (around.key is None or not is_list)
    if first.column < least:
        return
    while number < len(entries) or block.has(number):
        one = entries[number]
        if one.column < first.column or (one.column == first.column and is_list and one.key is not None):
            return
        if one.column == first.column and (one.key is None) == is_list:
            yield number
        number += 1


def _told(block: Block, place: int, *, on_key: bool) -> Span | None:
    """The span of an entry's value, or of its key, or of what comes first in a value without a key."""
    block.has(place + 1)  # A value may go on in the next line.
    entry = block.entries[place] if place != _ROOT else None
    if entry is not None and entry.key is not None and (on_key or entry.form in (NOTHING, FLOW)):
        start, end = key_extent(block.lines[entry.line], entry.column)
        return Span(entry.line + 1, start + 1, entry.line + 1, end + 1)
    if entry is None or entry.form == NOTHING:
        inner = block.first(place)
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
