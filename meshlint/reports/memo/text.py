"""A memo for a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from meshlint.reports.memo.memo import Bars, Block, Bullets, Memo, Paragraph, Table
from meshlint.reports.shared.options import ReportOptions
from meshlint.reports.shared.style import cells, paint, printable

_WIDTH = 100
_BAR = 30
_FULL, _LIGHT = "█", "░"
_GAP = "  "


def memo_text(memo: Memo, options: ReportOptions) -> Iterator[str]:
    """The lines of a memo."""
    yield paint("strong", printable(memo.title), color=options.color)
    yield from _wrapped(memo.remark, options)
    for section in memo.sections:
        yield ""
        yield paint("frame", section.title, color=options.color)
        for number, block in enumerate(section.blocks):
            if number:
                yield ""
            yield from _block(block, options)


def _block(block: Block, options: ReportOptions) -> Iterator[str]:
    if isinstance(block, Paragraph):
        yield from _wrapped(block.text, options, "  ")
    elif isinstance(block, Bullets):
        for number, item in enumerate(block.items, 1):
            sign = f"{number}. " if block.numbered else "- "
            yield from _wrapped(item, options, f"  {sign}", "  " + " " * len(sign))
    elif isinstance(block, Table):
        yield from _table(block, options)
    else:
        yield from _bars(block)


def _table(table: Table, options: ReportOptions) -> Iterator[str]:
    rows = [tuple(map(printable, row)) for row in table.rows]
    widths = [max(cells(row[n]) for row in (table.header, *rows)) for n in range(len(table.header))]
    widths[-1] = 0 if len(widths) - 1 not in table.right else widths[-1]
    if any(table.header):
        yield paint("strong", _row(table.header, widths, table), color=options.color)
    for row in rows:
        yield _row(row, widths, table)


def _row(row: tuple[str, ...], widths: list[int], table: Table) -> str:
    padded = []
    for number, (text, width) in enumerate(zip(row, widths, strict=True)):
        space = " " * max(width - cells(text), 0)
        padded.append(space + text if number in table.right else text + space)
    return f"  {_GAP.join(padded)}".rstrip()


def _bars(bars: Bars) -> Iterator[str]:
    width = max((cells(bar.label) for bar in bars.bars), default=0)
    for bar in bars.bars:
        full = max(round(bar.typical * _BAR), 1)
        light = max(round(bar.high * _BAR) - full, 0)
        drawn = _FULL * full + _LIGHT * light
        yield f"  {bar.label:<{width}}  {drawn:<{_BAR}}  {bar.text}".rstrip()


def _wrapped(text: str, options: ReportOptions, first: str = "", rest: str | None = None) -> Iterator[str]:
    text, width, rest = printable(text), min(_WIDTH, options.width), first if rest is None else rest
    words = text.split()
    if " ".join(words) == text:
        yield from _filled(words, width, first, rest)
        return
    yield from textwrap.wrap(
        text,
        width,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _filled(words: list[str], width: int, first: str, rest: str) -> Iterator[str]:
    """What `textwrap` makes of words with a blank between each two, in a third of the time: memos list places
    by the thousand.
    """
    indent, line, room = first, list[str](), width - len(first)
    for word in words:
        room -= len(word)
        if line and room < 0:
            yield indent + " ".join(line)
            indent, line, room = rest, [], width - len(rest) - len(word)
        line.append(word)
        room -= 1
    if line:
        yield indent + " ".join(line)
