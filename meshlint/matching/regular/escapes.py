"""Backslash escapes of a pattern: single characters and named classes of characters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshlint.matching import intervals

from . import charsets, unicode_classes
from .octets import LAST_OCTET
from .reader import Reader, Refused

if TYPE_CHECKING:
    from meshlint.matching.intervals import Intervals

_CONTROLS = {"a": 0x07, "f": 0x0C, "t": 0x09, "n": 0x0A, "r": 0x0D, "v": 0x0B}
_PERL = {"d": charsets.DIGIT, "s": charsets.SPACE, "w": charsets.WORD}
_WIDTHS = {"x": 2, "u": 4, "U": 8}
_OCTAL, _HEX = "01234567", "0123456789abcdefABCDEF"
# What Rust's classes of words and of white space hold beyond the general categories.
_LETTERED: Intervals = (
    (0x200C, 0x200D),
    (0x24B6, 0x24E9),
    (0x1F130, 0x1F149),
    (0x1F150, 0x1F169),
    (0x1F170, 0x1F189),
)
_WHITE: Intervals = ((0x09, 0x0D), (0x85, 0x85))


def read_class(reader: Reader, *, fold: bool) -> Intervals | None:
    """Read `\\d`, `\\p{Greek}` and their like after the backslash; None, taking nothing, for others.

    Where case is ignored, the class is widened first and negated then: `(?i)\\W` leaves out all of `(?i)\\w`.
    """
    name = reader.peek()
    if name and name in "dswDSW":
        reader.take()
        members = _rust_perl(name.lower()) if reader.rust else _PERL[name.lower()]
        return _finished(reader.fold(members) if fold else members, negated=name.isupper())
    if name and name in "pP":
        reader.take()
        return _read_unicode(reader, fold=fold, negated=name == "P")
    return None


def read_character(reader: Reader) -> int:
    """Read an escape that stands for one character, after the backslash; return its code.

    Raises:
        Refused: when the dialect knows no such escape.
    """
    name = reader.take()
    if not name:
        raise Refused("ends in a lone backslash")
    if name in _CONTROLS:
        return _CONTROLS[name]
    if name == "x" or (reader.rust and name in _WIDTHS):
        return _read_hex(reader, name)
    if name in _OCTAL and not reader.rust and (name == "0" or (reader.peek() and reader.peek() in _OCTAL)):
        return _read_octal(reader, name)
    if name.isdigit() and name.isascii():
        raise Refused(f"holds the back-reference `\\{name}`, which {reader.dialect.value} does not support")
    if name.isascii() and not charsets.is_word(name) and not (reader.rust and name in "<>"):
        return ord(name)
    raise Refused(f"holds `\\{name}`, which {reader.dialect.value} does not know")


def _read_hex(reader: Reader, name: str) -> int:
    if reader.accept("{"):
        digits = reader.until("}")
    else:
        width = _WIDTHS[name]
        digits, reader.at = reader.text[reader.at : reader.at + width], reader.at + width
        digits = digits if len(digits) == width else None
    if not digits or len(digits) > 8 or not all(digit in _HEX for digit in digits):
        raise Refused(f"holds `\\{name}` without the hexadecimal digits it needs")
    code = int(digits, 16)
    if code > (charsets.LAST_CODE if reader.rust else LAST_OCTET):
        bound = "Unicode" if reader.rust else "a byte"
        raise Refused(f"names the character {digits}, which is more than {bound}")
    return code


def _read_octal(reader: Reader, first: str) -> int:
    digits = first
    while len(digits) < 3 and reader.peek() and reader.peek() in _OCTAL:
        digits += reader.take()
    return int(digits, 8)


def _read_unicode(reader: Reader, *, fold: bool, negated: bool) -> Intervals:
    name = reader.until("}") if reader.accept("{") else reader.take()
    if not name:
        raise Refused("holds `\\p` without the name of a Unicode class")
    if name.startswith("^"):
        name, negated = name[1:], not negated
    members = charsets.EVERY if name == "Any" else unicode_classes.category(name)
    if members is None:
        if not reader.rust and name not in unicode_classes.SCRIPTS:
            raise Refused(f"names the Unicode class `{name}`, which RE2 does not know")
        reader.go_beyond(f"the Unicode class `{name}`")
        return charsets.EVERY
    return _finished(reader.fold(members) if fold else members, negated=negated)


def _finished(members: Intervals, *, negated: bool) -> Intervals:
    return charsets.negate(members) if negated else members


def _rust_perl(name: str) -> Intervals:
    """Give `\\d`, `\\s` and `\\w` the whole of Unicode, as Rust does."""
    parts = {"d": ("Nd",), "s": ("Z",), "w": ("L", "M", "Nd", "Nl", "Pc")}[name]
    found = [pair for part in parts for pair in unicode_classes.category(part) or ()]
    more = {"d": intervals.EMPTY, "s": _WHITE, "w": _LETTERED}[name]
    return intervals.normalise((*found, *more))
