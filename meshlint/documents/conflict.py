"""The two sides of a merge conflict that was committed: which lines are ours, theirs, and everybody's."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Final

from meshlint.values import frozen, regex

_MARK: Final = regex(r"^(<{7}|={7}|>{7}|\|{7})( .*)?$")
_COMMON, _OURS, _THEIRS, _DROPPED = range(4)
_NEXT: Final = {"<": _OURS, "|": _DROPPED, "=": _THEIRS, ">": _COMMON}
_SEPARATOR: Final = regex(r"---(\s|$)")


@frozen(repr=False)
class Part:
    """Lines that may be one document: where they begin in the file, and whether the conflict runs through.

    A part that it runs through holds the text of our side.
    """

    first_line: int
    text: str
    is_torn: bool = False


def parts(content: str) -> Iterator[Part]:
    """The documents of a text with conflicts: those of nobody's side, of either side, and the torn ones."""
    lines = _sides(content.splitlines(keepends=True))
    for side in (_OURS, _THEIRS):
        for chunk in _chunks(lines, side):
            kinds = {kind for _, line, kind in chunk if line.strip() and not _SEPARATOR.match(line)}
            if not kinds or (side == _THEIRS and kinds != {_THEIRS}):
                continue
            yield Part(chunk[0][0], _text(chunk, side), len(kinds) > 1 or _is_cut(chunk))


def _is_cut(chunk: list[tuple[int, str, int]]) -> bool:
    """Whether a conflict of which the other side alone has lines lies within common lines."""
    common = [
        index
        for index, (_, line, kind) in enumerate(chunk)
        if kind == _COMMON and line.strip() and not _SEPARATOR.match(line)
    ]
    return bool(common) and any(kind == _DROPPED for _, _, kind in chunk[common[0] : common[-1]])


def _sides(lines: list[str]) -> list[tuple[int, str, int]]:
    kind = _COMMON
    result: list[tuple[int, str, int]] = []
    for number, line in enumerate(lines):
        mark = _MARK.match(line.rstrip("\r\n"))
        inside = mark is not None and (mark[1][0] == "<" or kind != _COMMON)
        if inside and mark is not None:
            kind = _NEXT[mark[1][0]]
        result.append((number, "\n" if inside else line, _DROPPED if inside else kind))
    return result


def _chunks(lines: list[tuple[int, str, int]], side: int) -> Iterator[list[tuple[int, str, int]]]:
    """The lines between separators, as one side sees them; the marks of a conflict count as its lines."""
    number = 0
    numbered: list[tuple[int, tuple[int, str, int]]] = []
    for line in lines:
        mine = line[2] in {_COMMON, side}
        number += mine and _SEPARATOR.match(line[1]) is not None
        if mine or line[1] == "\n":
            numbered.append((number, line))
    for _, group in groupby(numbered, key=lambda one: one[0]):
        yield [line for _, line in group]


def _text(chunk: list[tuple[int, str, int]], side: int) -> str:
    """The lines of a chunk, with empty ones where the other side has its own."""
    result: list[str] = []
    expected = chunk[0][0]
    for number, line, kind in chunk:
        result += ["\n"] * (number - expected)
        result.append(line if kind in {_COMMON, side} else "\n")
        expected = number + 1
    return "".join(result)
