"""A memo as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from meshlint.reports.memo.memo import Bars, Block, Bullets, Memo, Paragraph, Table
from meshlint.reports.shared.style import printable
from meshlint.values import regex

_BAR = 30
_SPECIAL = regex(r"([\\`*_\[\]<>|#])")


def memo_markdown(memo: Memo) -> Iterator[str]:
    """The lines of a memo."""
    yield f"# {_safe(memo.title)}"
    yield ""
    yield _safe(memo.remark)
    for section in memo.sections:
        yield ""
        yield f"## {_safe(section.title)}"
        for block in section.blocks:
            yield ""
            yield from _block(block)


def _block(block: Block) -> Iterator[str]:
    if isinstance(block, Paragraph):
        yield _safe(block.text)
    elif isinstance(block, Bullets):
        for number, item in enumerate(block.items, 1):
            yield f"{f'{number}.' if block.numbered else '-'} {_safe(item)}"
    elif isinstance(block, Table):
        yield from _table(block)
    else:
        yield from _bars(block)


def _table(table: Table) -> Iterator[str]:
    yield _row(table.header)
    yield _row("---:" if number in table.right else "---" for number in range(len(table.header)))
    for row in table.rows:
        yield _row(map(_safe, row))


def _row(texts: Iterable[str]) -> str:
    return f"| {' | '.join(texts)} |"


def _bars(bars: Bars) -> Iterator[str]:
    yield "```text"
    width = max((len(bar.label) for bar in bars.bars), default=0)
    for bar in bars.bars:
        full = max(round(bar.typical * _BAR), 1)
        light = max(round(bar.high * _BAR) - full, 0)
        yield f"{bar.label:<{width}}  {'█' * full + '░' * light:<{_BAR}}  {bar.text}".rstrip()
    yield "```"


def _safe(text: str) -> str:
    """`text` without the meaning that Markdown gives to some characters; addresses stay links."""
    return " ".join(
        word if word.startswith("https://") else _SPECIAL.sub(r"\\\1", word)
        for word in printable(text).split(" ")
    )
