"""Where an object is named, told from how most of them begin: most findings stand there."""

from __future__ import annotations

import re
from typing import Final

from meshlint.documents.span import Path, Span
from meshlint.values import regex

NAME: Final[Path] = ("metadata", "name")
_HEAD: Final = regex(
    r"(?:---\n)?(?:#[^\n]*\n|\n)*(?:(?:apiVersion|kind): [\w./-]+\n){2}metadata:\n"
    r"( +)(?:[\w./-]+: [\w./:-]+\n\1)*?name: ([\w.-]+)\n(?=\1[^\s#]|[^\s#]|\Z)",
    re.ASCII,
)
"""The version and the kind, and in the metadata a few words before the name, which ends on its line."""


def name_span(content: str, start: int, end: int) -> Span | None:
    """The place of the name of the object in a part of a text, from line 1 of the part.

    None where it does not begin as most do.
    """
    found = _HEAD.match(content, start, end)
    if found is None:
        return None
    line = content.count("\n", start, found.start(2)) + 1
    column = len(found[1]) + len("name: ") + 1
    return Span(line, column, line, column + len(found[2]))
