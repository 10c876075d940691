"""What may stand in documents that could not be read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from meshlint.documents import ProblemKind, Reading
from meshlint.documents.reading import chunks
from meshlint.values import regex

_LOST = frozenset({ProblemKind.SYNTAX, ProblemKind.TAB, ProblemKind.TOO_DEEP, ProblemKind.TOO_MANY_ALIASES})
_FIELD = regex(r"""^ *["']?(kind|namespace)["']? *: *["']?([\w.-]+)""")


def unread(readings: Iterable[Reading], namespace: str) -> frozenset[tuple[str, str]]:
    """Namespaces and kinds of what broken documents seem to hold; `namespace` is where the rest is.

    The kind is empty where no line of the document tells it.
    """
    return frozenset(
        (place, kind)
        for reading in readings
        for text in _lost(reading)
        for place in _named("namespace", text) or {namespace}
        for kind in _named("kind", text) or {""}
    )


def _lost(reading: Reading) -> Iterator[str]:
    """The texts of the documents that a problem cost."""
    lines = [one.span.line for one in reading.problems if one.kind in _LOST]
    for chunk in chunks(reading.text.content) if lines else ():
        text = reading.text.content[chunk.start : chunk.end]
        if any(chunk.first_line < line <= chunk.first_line + text.count("\n") + 1 for line in lines):
            yield text


def _named(field: str, text: str) -> set[str]:
    found = (_FIELD.match(line) for line in text.split("\n"))
    return {match[2] for match in found if match is not None and match[1] == field}
