"""From bytes to text, as a YAML reader would decode them."""

from __future__ import annotations

import codecs
import re
from functools import cache

from meshlint.documents.problem import Problem, ProblemKind
from meshlint.documents.span import Span
from meshlint.values import regex

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_PAIR = r"\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})"
_FORBIDDEN_ASCII = regex(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_PLAIN = b"\t\n\r" + bytes(range(0x20, 0x7F)) + bytes(range(0x80, 0x100))
_RARE = (b"\xc2", b"\xef\xbf")
"""How the other control characters begin in UTF-8, and what is no character."""


def decode(path: str, data: bytes) -> str | Problem:
    """The text in `data` without its byte-order mark, or the first thing in it that YAML cannot hold."""
    encoding = "utf-8"
    for mark, name in _MARKS:
        if data.startswith(mark):
            data, encoding = data[len(mark) :], name
            break
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        before = data[: error.start].decode(encoding, errors="replace")
        return _problem(
            path, before, f"The bytes here are not {encoding.upper()}, so the file cannot be read"
        )
    if encoding == "utf-8" and not data.translate(None, _PLAIN) and _is_plain(text, data):
        return _joined(text)
    bad = (_FORBIDDEN_ASCII if text.isascii() else _forbidden()).search(text)
    if bad is None:
        return _joined(text)
    name = f"U+{ord(bad.group()):04X}"
    return _problem(path, text[: bad.start()], f"The control character {name} is not allowed in YAML")


def _is_plain(text: str, data: bytes) -> bool:
    """Whether no character beyond ASCII is one that YAML cannot hold, told without a search for them."""
    return text.isascii() or not any(rare in data for rare in _RARE)


@cache
def _forbidden() -> re.Pattern[str]:
    """What YAML cannot hold; compiled when a text needs it, for a set this wide takes long."""
    return re.compile(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _joined(text: str) -> str:
    """Escaped surrogate pairs, which JSON writes for rarer characters, as the one escape that YAML knows."""
    if "\\" not in text or ("\\ud" not in text and "\\uD" not in text):
        return text
    return re.sub(_PAIR, lambda pair: f"\\U{_character(pair):08X}", text)


def _character(pair: re.Match[str]) -> int:
    return 0x10000 + ((int(pair[1], 16) - 0xD800) << 10) + (int(pair[2], 16) - 0xDC00)


def _problem(path: str, before: str, message: str) -> Problem:
    line = before.count("\n") + 1
    column = len(before) - (before.rfind("\n") + 1) + 1
    return Problem(
        ProblemKind.ENCODING,
        path,
        Span.at(line, column),
        message,
        hint="Save the file as UTF-8.",
    )
