"""Tables that fit a terminal: columns as wide as they must be, and wrapped where there is no room."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest

from meshlint.reports.shared.style import cells, paint, printable

_GAP = "  "
_LEAST = 24
"""No column gets narrower: a terminal that has no room for that breaks the lines itself."""
Painter = Callable[[int, str], str]
"""Gives the role of a cell's text, by its column; an empty role leaves it as it is."""


def columns(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    width: int,
    *,
    color: bool = False,
    role: Painter | None = None,
) -> Iterator[list[str]]:
    """The lines of the header and of each row; columns that are empty throughout are left out."""
    shown = [tuple(printable(cell) for cell in row) for row in rows]
    used = [number for number in range(len(header)) if any(row[number] for row in shown)]
    if not used:
        return
    widths = _fitted(used, [tuple(header), *shown], width)
    yield [paint("strong", _line([(header[n], "") for n in used], [widths[n] for n in used]), color=color)]
    for row in shown:
        parts = [_wrapped(row[n], widths[n]) for n in used]
        roles = [role(n, row[n]) if role is not None and color else "" for n in used]
        yield [
            _line(list(zip(texts, roles, strict=True)), [widths[n] for n in used])
            for texts in zip_longest(*parts, fillvalue="")
        ]


def _fitted(used: Sequence[int], rows: Sequence[Sequence[str]], width: int) -> dict[int, int]:
    """The widths of the columns; the widest give way, as far as their longest words let them."""
    widths = {n: max(cells(row[n]) for row in rows) for n in used}
    excess = sum(widths.values()) + len(_GAP) * (len(used) - 1) - width
    if excess <= 0:
        return widths
    least = {n: max(min(widths[n], _LEAST), *(_longest_word(row[n]) for row in rows)) for n in used}
    while excess > 0:
        loose = [n for n in used if widths[n] > least[n]]
        if not loose:
            break
        widest = max(loose, key=lambda n: widths[n])
        widths[widest] -= 1
        excess -= 1
    return widths


def _longest_word(text: str) -> int:
    return max(map(cells, text.split(" ")), default=0)


def _wrapped(text: str, width: int) -> list[str]:
    if cells(text) <= width:
        return [text]
    return textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False) or [""]


def _line(parts: Sequence[tuple[str, str]], widths: Sequence[int]) -> str:
    padded = (
        (paint(role, text, color=True) if role else text) + " " * (width - cells(text))
        for (text, role), width in zip(parts, widths, strict=True)
    )
    return _GAP.join(padded).rstrip()
