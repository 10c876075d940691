"""In which line of a text something stands, told from the lines alone.

For a line that is told of each object, nodes would cost more than all else that is done with most of them.
"""

from __future__ import annotations

from collections.abc import Sequence

from meshlint.documents.document import Stretch
from meshlint.documents.field import Field
from meshlint.documents.heads import NAME, name_span
from meshlint.documents.span import Step

_HEAD = 16
"""In how many lines, at the beginning of most objects, most of what is told of them stands."""
_UNPLAIN = frozenset("\"'?&*!|>%@`{[")


def line_of(place: Field, *, on_key: bool = False) -> int:
    """The line that the span of a place begins in, from 1."""
    document = place.document
    written = document.written
    if isinstance(written, Stretch) and "node" not in vars(written):
        named = name_span(written.text.content, written.start, written.end) if place.path == NAME else None
        found = _found(written.says, place, on_key=on_key) if named is None else named.line
        if found is not None:
            return document.first_line + found
    return place.span(on_key=on_key).line


def _found(text: str, place: Field, *, on_key: bool) -> int | None:
    """The line of a key and of what begins beside it, from 1; None where only nodes tell."""
    path = place.path
    number, column, rest = int(text.startswith("---")), -1, ""
    lines = text.split("\n", _HEAD)
    for step in path:
        if rest:
            return None
        found = _entry(lines[:_HEAD], step, number, column) or _entry(text.split("\n"), step, number, column)
        if found is None:
            return None
        number, column, rest = found
    # A text or a number under an empty key stands in one of the lines below.
    is_below = not rest and not isinstance(place.value, dict | list | None)
    return None if not path or (is_below and not on_key) else number


def _entry(lines: Sequence[str], step: Step, start: int, around: int) -> tuple[int, int, str] | None:
    """The line of a key in the block from line `start` on, its column and what stands beside it.

    The block begins further in than `around`. The text is known to be plain, so that what begins further in
    than its keys is part of what stands above it.
    """
    column = None
    for position in range(start, len(lines)):
        body = lines[position].lstrip(" ")
        first = len(lines[position]) - len(body)
        if not body or body[0] == "#" or (column is not None and first > column):
            continue
        if first <= around or first < (column or 0) or body[0] in _UNPLAIN:
            return None
        key, colon, rest = body.partition(":")
        if column is None and body.startswith("- "):
            return None
        column = first
        if key == step and colon and (not rest or rest[0] == " "):
            return position + 1, first, "" if rest.lstrip(" ").startswith("#") else rest.strip()
    return None
