"""Colours of a terminal, and text that is safe to send to one."""

from __future__ import annotations

import re
import unicodedata

from meshlint.values import regex

_CODES = {
    "error": "1;31",
    "warning": "1;33",
    "info": "1;36",
    "frame": "1;34",
    "strong": "1",
    "help": "1;32",
}
_UNSAFE = regex(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_TAB = "    "


def paint(role: str, text: str, *, color: bool) -> str:
    """`text` in the colour of `role`, or as it is."""
    return f"\x1b[{_CODES[role]}m{text}\x1b[0m" if color and text else text


def printable(text: str) -> str:
    """`text` on one line, without characters that would move the cursor or turn the direction of writing.

    Manifests come from anywhere: an escape sequence in one must not reach the reader's terminal.
    """
    return _UNSAFE.sub(_escape, text) if _UNSAFE.search(text) else text


def piece(character: str) -> str:
    """What stands for one character of a source line: a tab takes four cells, a control its escape."""
    return _TAB if character == "\t" else printable(character)


def cells(text: str) -> int:
    """How many terminal cells `text` takes: two for a wide character, none for a combining one."""
    return len(text) if text.isascii() else sum(map(_cell, text))


def _cell(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def _escape(match: re.Match[str]) -> str:
    character = match.group()
    if character in "\n\r":
        return " "
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
