"""Collections in brackets of plain words, as most are: read without libyaml, which takes long to load."""

from __future__ import annotations

import re
from typing import Any, Final

from meshlint.documents.scalars import key_text, plain_scalar
from meshlint.values import regex

_DEEPEST: Final = 16
_PART: Final = regex(
    r""" *(?:(?P<word>[A-Za-z0-9_./][\w./-]{0,199})|"(?P<double>[^"\\]{0,199})"|'(?P<single>[^']{0,199})'"""
    r"""|(?P<mark>[\[\]{},]|:(?= )))"""
)
_END: Final = regex(r" *(?: #.*)?$")
_CLOSING: Final = {"[": "]", "{": "}"}


class _Unclear(Exception):
    """Something that this reader leaves to libyaml."""


def plain_brackets(text: str) -> Any:
    """The list or mapping that `text` is, with a comment perhaps; None for what libyaml has to tell.

    Only words, texts in quotes without escapes, and brackets of them are read. A key that stands twice, one
    without a value, and an entry without anything are not.
    """
    if text[0] not in _CLOSING or not (text.isascii() and text.isprintable()):
        return None
    try:
        value, end = _value(text, 0, _DEEPEST)
    except _Unclear:
        return None
    return value if _END.match(text, end) else None


def _part(text: str, place: int) -> re.Match[str]:
    found = _PART.match(text, place)
    if found is None:
        raise _Unclear
    return found


def _value(text: str, place: int, deepest: int) -> tuple[Any, int]:
    """The value that begins at a place, and where it ends."""
    part = _part(text, place)
    if part["word"] is not None:
        return plain_scalar(part["word"]), part.end()
    if part["mark"] is None:
        return _quoted(part), part.end()
    if part["mark"] not in _CLOSING or not deepest:
        raise _Unclear
    read = _mapping if part["mark"] == "{" else _sequence
    first = _part(text, part.end())
    if first["mark"] == _CLOSING[part["mark"]]:
        return ({} if read is _mapping else []), first.end()
    return read(text, part.end(), deepest - 1)


def _sequence(text: str, place: int, deepest: int) -> tuple[list[Any], int]:
    found: list[Any] = []
    while True:
        value, place = _value(text, place, deepest)
        found.append(value)
        part = _part(text, place)
        place = part.end()
        if part["mark"] == "]":
            return found, place
        if part["mark"] != ",":
            raise _Unclear


def _mapping(text: str, place: int, deepest: int) -> tuple[dict[str, Any], int]:
    found: dict[str, Any] = {}
    while True:
        key = _part(text, place)
        name = key_text(plain_scalar(key["word"])) if key["word"] is not None else _quoted(key)
        colon = _part(text, key.end())
        if colon["mark"] != ":" or name in found:
            raise _Unclear
        found[name], place = _value(text, colon.end(), deepest)
        part = _part(text, place)
        place = part.end()
        if part["mark"] == "}":
            return found, place
        if part["mark"] != ",":
            raise _Unclear


def _quoted(part: re.Match[str]) -> str:
    if part["mark"] is not None:
        raise _Unclear
    return part["single"] if part["double"] is None else part["double"]
