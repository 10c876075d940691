"""In which line of a text something stands, told from the lines alone.

For a line that is told of each object, nodes would cost more than all else that is done with most of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from meshlint.documents.document import Stretch
from meshlint.documents.field import Field
from meshlint.documents.lines import NOTHING, Line, understood
from meshlint.documents.span import Path


def line_of(place: Field, *, on_key: bool = False) -> int:
    """The line that the span of a place begins in, from 1."""
    document = place.document
    written = document.written
    if isinstance(written, Stretch) and "node" not in vars(written):
        found = _line(written.says.split("\n"), place, on_key=on_key)
        if found is not None:
            return document.first_line + found
    return place.span(on_key=on_key).line


def _line(lines: Sequence[str], place: Field, *, on_key: bool) -> int | None:
    """The line of a key or of its value, from 1; None where only nodes tell."""
    found = _entry(lines, place.path)
    if found is None:
        return None
    number, line = found
    # A text or a number under an empty key stands in one of the lines below.
    is_below = line.form == NOTHING and not isinstance(place.value, dict | list | None)
    return None if is_below and not on_key else number


def _entry(lines: Sequence[str], path: Path) -> tuple[int, Line] | None:
    """The line of the key at the end of a path of keys, each of which opens a block below it."""
    number, column, found = int(lines[0].startswith("---")), -1, None
    for step in path:
        if found is not None and found.form != NOTHING:
            return None
        for position, line in _keys(lines, number, column):
            if line.key == step:
                number, column, found = position + 1, line.first, line
                break
        else:
            return None
    return None if found is None else (number, found)


def _keys(lines: Sequence[str], start: int, around: int) -> Iterator[tuple[int, Line]]:
    """The lines of the keys of the block from line `start` on, which begins further in than `around`."""
    column = None
    for position in range(start, len(lines)):
        body = lines[position].lstrip(" ")
        first = len(lines[position]) - len(body)
        if not body or body[0] == "#" or (column is not None and first > column):
            continue
        line = understood(lines[position]) if first > around and first >= (column or 0) else False
        if isinstance(line, bool):
            return
        column = first
        if line.key is not None and not line.dashes:
            yield position, line
