"""Bracketed classes of characters: `[a-z]`, `[^/]`, `[[:alpha:]_]`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshlint.matching import intervals

from . import charsets
from .escapes import read_character, read_class
from .reader import Reader, Refused

if TYPE_CHECKING:
    from meshlint.matching.intervals import Interval, Intervals

_DEEPEST = 20
_RUST_OPERATORS = ("&&", "--", "~~")


def read_brackets(reader: Reader, *, fold: bool, depth: int = 0) -> Intervals:
    """Read a bracketed class after its opening bracket, up to and with the closing one.

    Raises:
        Refused: when the class is never closed, or holds what the dialect does not know.
    """
    negated = reader.accept("^")
    found: list[Interval] = []
    first = True
    while first or not reader.accept("]"):
        if reader.ended():
            raise Refused("has a `[` without its `]`")
        found.extend(_read_item(reader, fold=fold, depth=depth))
        first = False
    members = intervals.normalise(found)
    return charsets.negate(members) if negated else members


def _read_item(reader: Reader, *, fold: bool, depth: int) -> Intervals:
    if reader.sees("[:") and reader.text.find(":]", reader.at + 2) >= 0:
        return _read_posix(reader, fold=fold)
    if reader.rust and reader.sees("["):
        reader.take()
        if depth >= _DEEPEST:
            raise Refused("nests brackets too deeply")
        return read_brackets(reader, fold=fold, depth=depth + 1)
    if reader.rust and any(reader.accept(operator) for operator in _RUST_OPERATORS):
        reader.go_beyond("set operators inside brackets")
        return intervals.EMPTY
    escaped = reader.accept("\\")
    if escaped:
        named = read_class(reader, fold=fold)
        if named is not None:
            return named
    span = _read_range(reader, read_character(reader) if escaped else ord(reader.take()))
    return reader.fold(span) if fold else span


def _read_range(reader: Reader, low: int) -> Intervals:
    if not reader.sees("-") or reader.sees("-]") or (reader.rust and reader.sees("--")):
        return ((low, low),)
    reader.take()
    if reader.ended():
        raise Refused("has a `[` without its `]`")
    high = read_character(reader) if reader.accept("\\") else ord(reader.take())
    if high < low:
        raise Refused(f"has the range `{chr(low)}-{chr(high)}` the wrong way round")
    return ((low, high),)


def _read_posix(reader: Reader, *, fold: bool) -> Intervals:
    reader.accept("[:")
    name = reader.until(":]") or ""
    members = charsets.POSIX.get(name.removeprefix("^"))
    if members is None:
        raise Refused(f"names the class `[:{name}:]`, which {reader.dialect.value} does not know")
    members = reader.fold(members) if fold else members
    return charsets.negate(members) if name.startswith("^") else members
