"""The value of a document in block style, from its lines: dicts with text keys, lists, and scalars.

This reads what nearly all manifests are written in, in a quarter of the time that nodes of libyaml take, and
leaves everything else to them; what it reads, it reads as libyaml does (YAML 1.1, chapter 9: block styles).
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import Any, Final, cast

from meshlint.documents.block_scalar import block_scalar, indent, is_blank
from meshlint.documents.folded import folded
from meshlint.documents.lines import FLOW, NOTHING, OPEN, SCALAR, Line, has_foreign_breaks, understood
from meshlint.documents.nesting import SUSPICIOUS
from meshlint.documents.templates import OPENING
from meshlint.values import define, field, regex

_SEPARATOR: Final = regex(r"--- *(?: #.*)?$")


class Unread(Enum):
    """Why a document is not read line by line: libyaml has to, or a value is filled in by a template."""

    UNCLEAR = "unclear"
    TEMPLATE = "template"


class _UnreadError(Exception):
    """Something that this reader leaves to others."""

    def __init__(self, why: Unread = Unread.UNCLEAR) -> None:
        super().__init__(why)
        self.why = why


def block_values(content: str) -> list[Any] | Unread:
    """The value of the document in `content`, which may begin with a separator and holds no other.

    `Unread` where it takes more than looking at one line after another; empty where only comments stand
    there.
    """
    content = content.replace("\r\n", "\n") if "\r" in content else content
    if has_foreign_breaks(content):
        return Unread.UNCLEAR
    lines = content.split("\n")
    is_ended = not lines[-1]
    if is_ended:
        lines.pop()
    is_marked = bool(lines) and lines[0].startswith("---")
    if is_marked and not _SEPARATOR.match(lines[0]):
        return Unread.UNCLEAR
    if is_marked:
        lines[0] = ""
    try:
        value = _Reader(lines, is_ended).read()
    except _UnreadError as error:
        return error.why
    return [value] if is_marked or value is not None else []


@define(eq=False, repr=False)
class _Reader:
    """The collections that are open at the current line, innermost last, and the columns where they began.

    The first one stands for the whole: a list with room for one value, which begins before all columns.
    """

    lines: Sequence[str]
    is_ended: bool
    number: int = 0
    columns: list[int] = field(factory=lambda: [-1])
    holders: list[Any] = field(factory=lambda: [[None]])

    def read(self) -> Any:
        """The value of the whole document."""
        lines, columns, root = self.lines, self.columns, self.holders[0]
        column, holder, last, waits, entry = -1, root, "", True, -1
        number, count = 0, len(lines)  # `self.number` is told where it is asked for: most lines do not.
        while number < count:
            line = understood(lines[number])
            if line is True:
                number += 1
                continue
            if line is False or (line.first > column and not waits):
                self.number = number
                self._refuse_template(line, within=not waits)
                holder[-1 if type(holder) is list else last] = self._spread(entry, column)
                number, waits = self.number, False
                continue
            entry = number
            number += 1
            first, dashes, _, key, form, value = line
            if dashes:
                holder, column = self._reached(line, last if waits else None), columns[-1]
            elif first > column:  # The last entry waits for it: all else further in went on with its text.
                holder, column = self._open({}, first, last), first
            elif first < column or type(holder) is list:
                holder, column = self._left(first), first
            if form > SCALAR:
                self.number = number
                value = self._several(form, value)
                number = self.number
            if key is None:
                holder.append(value)
            elif key in holder:
                raise _UnreadError
            else:
                holder[key] = value
                last = key
            waits = form == NOTHING
        return root[0]

    def _refuse_template(self, line: Line | bool, *, within: bool) -> None:
        """Stop where the line is filled in by a template, unless the last entry goes on in it."""
        text = self.lines[self.number]
        inset = indent(text)
        if line is False and text.startswith(OPENING, inset) and not (within and inset > self.columns[-1]):
            raise _UnreadError(Unread.TEMPLATE)

    def _left(self, column: int) -> dict[str, Any]:
        """The mapping at a column, once all that stands further in is closed."""
        columns, holders = self.columns, self.holders
        while columns[-1] > column or (columns[-1] == column and type(holders[-1]) is list):
            columns.pop()
            holders.pop()
        if columns[-1] != column:
            raise _UnreadError
        return cast("dict[str, Any]", holders[-1])

    def _reached(self, line: Line, waiting: str | None) -> Any:
        """The collection of the entry of a line with dashes: what ends before it is closed, and what begins
        is opened.

        `waiting` is the last key, or anything for the last item of a list, if a value may still follow it.
        """
        first, dashes, column, key, _, _ = line
        columns, holders = self.columns, self.holders
        while columns[-1] > first:
            columns.pop()
            holders.pop()
            waiting = None
        if columns[-1] < first or type(holders[-1]) is not list:
            self._open([], first, waiting)
        for inner in dashes[1:]:
            holders[-1].append(None)
            self._open([], inner, "")
        if key is not None:
            holders[-1].append(None)
            self._open({}, column, "")
        return holders[-1]

    def _open(self, collection: list[Any] | dict[str, Any], column: int, waiting: str | None) -> Any:
        """The collection, now the value of the last entry; a list may begin at the column of its key."""
        if waiting is None or (column >= SUSPICIOUS and len(self.columns) >= SUSPICIOUS):
            raise _UnreadError
        holder = self.holders[-1]
        holder[-1 if type(holder) is list else waiting] = collection
        self.columns.append(column)
        self.holders.append(collection)
        return collection

    def _several(self, form: int, value: Any) -> Any:
        """What takes more than the value of a line: a collection of its own, or the lines that follow."""
        if form == FLOW:
            return _fresh(value)
        if form == OPEN:
            if value == OPENING:
                raise _UnreadError(Unread.TEMPLATE)
            return self._spread(self.number - 1, self.columns[-1], alone=True)
        found = block_scalar(self.lines, self.number, value, self.columns[-1])
        if found is None:
            raise _UnreadError
        text, self.number = found
        if self.number == len(self.lines) and not self.is_ended:
            raise _UnreadError
        return text

    def _spread(self, entry: int, column: int, *, alone: bool = False) -> Any:
        """The value of the entry at line `entry`, which goes on below, in lines that are indented further.

        `alone` allows for no such lines.
        """
        end = self.number
        while end < len(self.lines) and (is_blank(self.lines[end]) or indent(self.lines[end]) > column):
            end += 1
        opened = understood(self.lines[entry]) if entry >= 0 else False
        if isinstance(opened, bool) or (end == self.number and not alone):
            raise _UnreadError
        head = self.lines[entry][opened.column :]
        self.number = end
        return _value_of(
            "\n".join([head if opened.key is not None else f"x: {head}", *self.lines[entry + 1 : end]])
        )


def _value_of(entry: str) -> Any:
    """The value of an entry of several lines; libyaml reads what is more than a text, as a document."""
    text = folded(entry)
    if text is not None:
        return text
    from meshlint.documents.enclosed import entry_value

    found = entry_value(entry)
    if found is None:
        raise _UnreadError
    return found.value


def _fresh(value: Any) -> Any:
    """A copy: what a line says is remembered, and each place gets its own collection."""
    if isinstance(value, list):
        return [_fresh(one) for one in value]
    if isinstance(value, dict):
        return {key: _fresh(one) for key, one in value.items()}
    return value
