"""Lines of a manifest with marks under the columns that a finding speaks of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise

from meshlint.documents import Span
from meshlint.reports.shared.options import ReportOptions
from meshlint.reports.shared.style import cells, paint, piece, printable
from meshlint.values import frozen

_BEFORE = 2
_AFTER = 1
_GAP = 3
_CUT = "…"
_LEAST_WIDTH = 20


@frozen
class Mark:
    """A stretch to underline. The mark of the finding itself has the role of its severity, others none."""

    span: Span
    label: str = ""
    role: str = ""

    @property
    def sign(self) -> str:
        """What the stretch is underlined with."""
        return "^" if self.role else "-"


@frozen
class _Row:
    """The part of a line that is shown, and where it begins in the line."""

    start: int
    pieces: tuple[str, ...]
    is_cut_left: bool
    is_cut_right: bool

    def __str__(self) -> str:
        left, right = _CUT * self.is_cut_left, _CUT * self.is_cut_right
        return left + "".join(self.pieces) + right

    def cells_between(self, start: int, end: int) -> int:
        shown = self.pieces[max(0, start - self.start) : max(0, end - self.start)]
        return cells("".join(shown))


def excerpt(
    lines: Sequence[str], marks: Sequence[Mark], margin: int, options: ReportOptions
) -> Iterator[str]:
    """The marked lines and a little around the finding's own, numbered in a gutter of `margin` cells."""
    here = [mark for mark in marks if 0 < mark.span.line <= len(lines)]
    by_line = {
        number: list(group)
        for number, group in groupby(
            sorted(here, key=lambda m: (m.span.line, not m.role, m.span)), key=lambda m: m.span.line
        )
    }
    bar = paint("frame", "|", color=options.color)
    limit = max(_LEAST_WIDTH, options.width - margin - 4)  # a caret may stand just after the end
    previous = None
    yield f"{' ' * margin} {bar}"
    for number in _shown(lines, here):
        if previous is not None and number > previous + 1:
            yield paint("frame", "...", color=options.color)
        previous = number
        yield from _numbered(lines[number - 1], number, by_line.get(number, []), margin, limit, options)
    yield f"{' ' * margin} {bar}"


def _numbered(
    line: str, number: int, marks: Sequence[Mark], margin: int, limit: int, options: ReportOptions
) -> Iterator[str]:
    color = options.color
    bar = paint("frame", "|", color=color)
    row = _row(line, marks[0].span.column - 1 if marks else 0, limit)
    yield f"{paint('frame', str(number).rjust(margin), color=color)} {bar} {row}".rstrip()
    for mark in marks:
        role = mark.role or "frame"
        under = paint(role, _underline(line, row, mark), color=color)
        pad = " " * (row.is_cut_left + row.cells_between(0, mark.span.column - 1))
        label = paint(role, printable(mark.label), color=color)
        yield f"{' ' * margin} {bar} {pad}{under} {label}".rstrip()


def _underline(line: str, row: _Row, mark: Mark) -> str:
    span = mark.span
    end = span.end_column - 1 if span.end_line == span.line else len(line.rstrip())
    return mark.sign * max(1, row.cells_between(span.column - 1, end))


def _row(line: str, index: int, limit: int) -> _Row:
    """As much of the line as fits, with the character at `index` in it. Only what may fit is looked at."""
    if len(line) <= limit:
        pieces = tuple(line if line.isascii() and line.isprintable() else map(piece, line))
        if cells("".join(pieces)) <= limit:
            return _Row(0, pieces, False, False)
    start = max(0, index - len(_fitting(reversed(line[max(0, index - limit) : index]), limit // 2)))
    pieces = _fitting(line[start : start + limit], limit - 2)
    return _Row(start, pieces, start > 0, start + len(pieces) < len(line))


def _fitting(characters: Iterable[str], limit: int) -> tuple[str, ...]:
    pieces: list[str] = []
    for character in characters:
        shown = piece(character)
        limit -= cells(shown)
        if limit < 0:
            break
        pieces.append(shown)
    return tuple(pieces)


def _shown(lines: Sequence[str], marks: Sequence[Mark]) -> list[int]:
    numbers = {mark.span.line for mark in marks}
    for mark in marks:
        if mark.role:
            numbers |= _around(lines, mark.span.line)
    ordered = sorted(numbers)
    gaps = pairwise(ordered)
    fillers = (range(low + 1, high) for low, high in gaps if high - low < _GAP)
    return sorted(numbers.union(*fillers))


def _around(lines: Sequence[str], line: int) -> set[int]:
    """The numbers of the lines next to `line` in the same document, blank ones at the edges left out."""
    before = _until_edge(range(line - 1, max(0, line - 1 - _BEFORE), -1), lines)
    after = _until_edge(range(line + 1, min(len(lines), line + _AFTER) + 1), lines)
    return before | after


def _until_edge(numbers: Iterable[int], lines: Sequence[str]) -> set[int]:
    kept: list[int] = []
    for number in numbers:
        if lines[number - 1].startswith("---"):
            break
        kept.append(number)
    while kept and not lines[kept[-1] - 1].strip():
        kept.pop()
    return set(kept)
