"""What one line of YAML says by itself, where that is plain to see.

Most manifests have a key and a short value on each line. Such a line means the same wherever it stands, apart
from what it is nested in, so it is understood once and remembered: in a mesh of some thousand files most
lines occur again and again. What speaks of other lines (anchors, texts that go on) is not understood here.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Final

from meshlint.documents.brackets import plain_brackets
from meshlint.documents.nesting import SUSPICIOUS
from meshlint.documents.scalars import key_text, plain_scalar
from meshlint.documents.templates import OPENING
from meshlint.values import NamedTuple, regex

_REMEMBERED: Final = 1 << 12
_KEY: Final = regex(
    r"""(?:([A-Za-z0-9_$./~](?:[\w$./~-]|:(?=[^ ])){0,199}|[kv]:["{[](?:[!-9;-~]|:(?=[!-~])){0,199})"""
    r"""|"([^"\\\t]{0,199})"|'([^'\t]{0,199})'):(?: +(.*))?$""",
    re.ASCII,
)
_WORDS: Final = r"[A-Za-z0-9_./][^:#\t]*+(?::[^ :#\t][^:#\t]*+)*+"
_MOST: Final = regex(
    rf"""( *+)(- )?(?:([A-Za-z_][\w./-]{{0,199}}+):(?: ++({_WORDS}|"[^"\\\t]*+"|'[^'\t]*+'))?|({_WORDS}))$""",
    re.ASCII,
)
"""What most lines are: a key or a dash with a few words, and nothing behind them. What was taken is not given
back, so that other lines are soon ruled out.
"""
_COMMENT: Final = r"(?: +#.*)?$"
_BLOCK: Final = regex(r"([|>](?:[+-][1-9]?|[1-9][+-]?)?)" + _COMMENT)
_OPEN: Final = regex(r'\{\{|"(?:[^"\\]|\\.)*+$|\'[^\']*+(?:\'\'[^\']*+)*+$')
"""The beginning of what a template fills in, which as YAML is a mapping that is a key, and quotes that do not
end on their line."""
_EMPTY: Final = regex(r"(\[\]|\{\})" + _COMMENT)
_DOUBLE: Final = regex(r'"([^"\\]*)"' + _COMMENT)
_SINGLE: Final = regex(r"'((?:[^']|'')*)'" + _COMMENT)
_INDICATORS: Final = frozenset(",[]{}#&*!|>'\"%@`")
_NEEDS_TEXT: Final = frozenset("-?:")


_FOREIGN_MARKS: Final = "\x85\u2028\u2029\ufeff"
"""Line breaks of YAML 1.1 beside those of all systems, and the byte-order mark."""

NOTHING, SCALAR, FLOW, BLOCK, OPEN = range(5)
"""What stands after the key or the dashes of a line: nothing, a scalar, brackets, the head of a text, or
quotes or brackets that do not end there."""


def has_foreign_breaks(content: str) -> bool:
    """Whether lines of a text may end, or it may begin, in a way that is not looked at here."""
    return "\r" in content or (not content.isascii() and any(mark in content for mark in _FOREIGN_MARKS))


class Line(NamedTuple):
    """A line that opens entries: where it begins, the columns of its dashes, its key if any, its value.

    `column` is that of the key, or of what follows the dashes. `value` is what a scalar says, a list or a
    mapping in brackets, the header of a block scalar, or what opens a template.
    """

    first: int
    dashes: tuple[int, ...]
    column: int
    key: str | None
    form: int
    value: Any


@lru_cache(maxsize=_REMEMBERED)
def understood(text: str) -> Line | bool:
    """What a line says; True if it is blank or a comment, False if it cannot be told from the line alone."""
    most = _MOST.match(text)
    return _any(text) if most is None else _of_most(most)


def _of_most(match: re.Match[str]) -> Line | bool:
    indentation, dash, key, value, item = match.groups()
    first = len(indentation)
    if item is not None:
        return dash is not None and Line(first, (first,), first + 2, None, SCALAR, _words(item))
    dashes, column = ((), first) if dash is None else ((first,), first + 2)
    form, said = (NOTHING, None) if value is None else (SCALAR, _words(value))
    return Line(first, dashes, column, key_text(plain_scalar(key)), form, said)


def _words(text: str) -> Any:
    return text[1:-1] if text[0] in "\"'" else plain_scalar(text.rstrip(" "))


def _any(text: str) -> Line | bool:
    body = text.lstrip(" ")
    if not body or body[0] == "#":
        return True
    first = column = len(text) - len(body)
    dashes: list[int] = []
    while body.startswith("- ") or body == "-":
        dashes.append(column)
        rest = body[1:].lstrip(" ")
        column += len(body) - len(rest)
        body = rest
        if len(dashes) > SUSPICIOUS:
            return False
    match = _KEY.match(body)
    if match is None and not dashes:
        return False
    found = _value(body if match is None else match[4] or "")
    return found is not None and Line(first, tuple(dashes), column, _key(match), *found)


def _key(match: re.Match[str] | None) -> str | None:
    if match is None:
        return None
    plain, double, single, _value = match.groups()
    return key_text(plain_scalar(plain)) if plain is not None else double if double is not None else single


def _value(text: str) -> tuple[int, Any] | None:
    """What a value is, without the blanks before it; None if it goes on or speaks of other places."""
    text = text.rstrip(" ")
    if not text or text[0] == "#":
        return NOTHING, None
    if "\t" in text:
        return None
    if text[0] in "|>":
        header = _BLOCK.match(text)
        return None if header is None else (BLOCK, header[1])
    if text[0] in "\"'[{":
        return _enclosed(text)
    return _plain(text)


def _plain(text: str) -> tuple[int, Any] | None:
    end = text.find(" #")
    if end >= 0:
        text = text[:end].rstrip(" ")
    bare = text[0] in _NEEDS_TEXT and text[1:2] in {"", " "}
    if text[0] in _INDICATORS or bare or ": " in text or text[-1] == ":":
        return None
    return SCALAR, plain_scalar(text)


def _enclosed(text: str) -> tuple[int, Any] | None:
    """A text in quotes or a collection in brackets that ends on its line."""
    match = _DOUBLE.match(text)
    if match is not None:
        return SCALAR, match[1]
    match = _SINGLE.match(text)
    if match is not None:
        return SCALAR, match[1].replace("''", "'")
    if _OPEN.match(text):
        return OPEN, OPENING if text.startswith(OPENING) else None
    match = _EMPTY.match(text)
    if match is not None:
        return FLOW, [] if match[1] == "[]" else {}
    plain = plain_brackets(text)
    if plain is not None:
        return FLOW, plain
    from meshlint.documents.enclosed import text_or_brackets

    found = text_or_brackets(text)
    return (OPEN, None) if found is None else (FLOW if found.is_collection else SCALAR, found.value)


def key_extent(text: str, column: int) -> tuple[int, int]:
    """Where the key at a column begins and ends in a line that was understood, quotes included."""
    match = _KEY.match(text, column)
    plain, double, single = match.group(1, 2, 3) if match is not None else ("", None, None)
    width = len(plain) if plain is not None else len(double or single or "") + 2
    return column, column + width


def value_extent(text: str, column: int) -> tuple[int, int] | None:
    """Where the value of the key or dash at a column begins and ends in a line that was understood.

    Of brackets only the beginning counts. None for texts in quotes with something escaped.
    """
    is_dash = text.startswith("- ", column)
    match = None if is_dash else _KEY.match(text, column)
    value = text[column + 1 :].lstrip(" ") if match is None else match[4] or ""
    start = len(text) - len(value)
    value = value.rstrip(" ")
    if value[0] in "\"'":
        quoted = (_DOUBLE if value[0] == '"' else _SINGLE).match(value)
        return None if quoted is None else (start, start + quoted.end(1) + 1)
    end = value.find(" #")
    return start, start + len(value if end < 0 else value[:end].rstrip(" "))
