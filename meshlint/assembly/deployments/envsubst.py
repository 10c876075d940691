"""`${NAME}` and its forms in a text, as Flux fills them in (fluxcd/pkg/envsubst, after drone/envsubst).

They look like those of a shell and are not: every default, whatever its sign, stands for an empty value too;
`$NAME` without braces is text; two dollars are one; and lengths count bytes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from typing import Final

from meshlint.values import define, regex

_NAME: Final = regex(r"\w+", re.ASCII)
_DEFAULT: Final = regex(r":[=?+-]|=")
_CASE: Final = regex(r"\^\^?|,,?")
_CUT: Final = regex(r"##?|%%?")
_REPLACE: Final = regex(r"/[/#%]?")
_ENDS: Final = frozenset({"/#", "/%"})
"""What replaces a start or an end, which an empty text never does."""
_SLASHES: Final = regex(r"/+")
_LONGEST: Final = 4096
_CASES: Final[Mapping[str, Callable[[str], str]]] = {
    "^^": str.upper,
    ",,": str.lower,
    "^": lambda text: text[:1].upper() + text[1:],
    ",": lambda text: text[:1].lower() + text[1:],
}


class _Bad(Exception):
    """A form that envsubst refuses, or of which a value is not known."""


def expanded(text: str, values: Mapping[str, str], *, complete: bool = True) -> str:
    """`text` with the values filled in; where they are not `complete`, a name without one may still have one.

    What cannot be read, or needs such a value, stays as it is written.
    """
    reader = _Reader(text, values, complete)
    found: list[str] = []
    while reader.place < len(text):
        start = reader.place
        if text.startswith("$$", start):
            found.append("$")
            reader.place += 2
        elif text.startswith("${", start):
            try:
                found.append(reader.form())
            except _Bad:
                reader.place = max(reader.place, start + 2)
                found.append(text[start : reader.place])
        else:
            end = text.find("$", start + 1)
            reader.place = len(text) if end < 0 else end
            found.append(text[start : reader.place])
    return "".join(found)


@define
class _Reader:
    text: str
    values: Mapping[str, str]
    complete: bool
    place: int = 0
    depth: int = 0

    def form(self) -> str:
        """What the form that begins here comes to; `place` is then behind it."""
        self.place += 2
        self.depth += 1
        if self.depth > 20:
            raise _Bad
        length = self.text.startswith("#", self.place)
        self.place += length
        name = self._taken(_NAME)
        if length:
            return self._closed(str(len(self._value(name).encode())))
        result = self._changed(name)
        self.depth -= 1
        return result

    def _changed(self, name: str) -> str:
        if self.text.startswith("}", self.place):
            return self._closed(self._value(name))
        if _DEFAULT.match(self.text, self.place):
            self._taken(_DEFAULT)
            default = self._argument("}")
            return self._closed(self.values.get(name) or default)
        for pattern, change in ((_CASE, _cased), (_CUT, _shortened), (_REPLACE, _replaced)):
            if pattern.match(self.text, self.place):
                return change(self, self._value(name), self._taken(pattern))
        if self.text.startswith(":", self.place):
            self.place += 1
            return _sliced(self, self._value(name))
        raise _Bad

    def _value(self, name: str) -> str:
        value = self.values.get(name)
        if value is None and not self.complete:
            self._skipped()
            raise _Bad
        return value or ""

    def _skipped(self) -> None:
        """Go behind the end of a form that stays."""
        end = self.text.find("}", self.place)
        self.place = len(self.text) if end < 0 else end + 1

    def _taken(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self.text, self.place)
        if match is None:
            raise _Bad
        self.place = match.end()
        return match[0]

    def _closed(self, result: str) -> str:
        if not self.text.startswith("}", self.place):
            raise _Bad
        self.place += 1
        return result

    def _argument(self, ends: str) -> str:
        """Text and further forms up to one of the characters `ends`."""
        found: list[str] = []
        while self.place < len(self.text) and self.text[self.place] not in ends:
            if self.text.startswith("${", self.place):
                found.append(self.form())
                continue
            if self.text[self.place] == "\\" and "/" in ends:
                self.place += 1
            found.append(self.text[self.place : self.place + 1])
            self.place += 1
        return "".join(found)


def _cased(reader: _Reader, value: str, sign: str) -> str:
    return reader._closed(_CASES[sign](value))


def _shortened(reader: _Reader, value: str, sign: str) -> str:
    pattern = reader._argument("}").replace("[^", "[!")
    if sign[0] == "%":
        return reader._closed(_without(value[::-1], pattern[::-1], len(sign) > 1)[::-1])
    return reader._closed(_without(value, pattern, len(sign) > 1))


def _without(value: str, pattern: str, longest: bool) -> str:
    """`value` less its shortest or longest start that matches."""
    if len(value) > _LONGEST:
        raise _Bad
    lengths = range(len(value), 0, -1) if longest else range(1, len(value) + 1)
    return next((value[size:] for size in lengths if fnmatchcase(value[:size], pattern)), value)


def _replaced(reader: _Reader, value: str, sign: str) -> str:
    old = reader._argument("/}")
    if not reader.text.startswith("/", reader.place):
        raise _Bad
    reader._taken(_SLASHES)
    new = reader._argument("}")
    if sign in _ENDS and not new:
        return reader._closed(value)
    if sign == "/#":
        value = new + value[len(old) :] if value.startswith(old) else value
    elif sign == "/%":
        value = value.removesuffix(old) + new if value.endswith(old) else value
    else:
        value = value.replace(old, new, -1 if sign == "//" else 1)
    return reader._closed(value)


def _sliced(reader: _Reader, value: str) -> str:
    start, size = reader._argument(":}"), None
    if reader.text.startswith(":", reader.place):
        reader.place += 1
        size = reader._argument("}")
    if not _is_number(start) or (size is not None and not _is_number(size)):
        return reader._closed(value)
    data = value.encode()
    first = int(start) if int(start) >= 0 else max(0, len(data) + int(start))
    part = data[first:] if size is None else data[first : first + max(0, int(size))]
    return reader._closed(part.decode("utf-8", "replace"))


def _is_number(text: str) -> bool:
    return text.removeprefix("-").isdecimal() and len(text) < 10
