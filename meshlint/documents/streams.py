"""JSON values that follow each other in one file, as kubectl reads them without a separator."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final

_MOST_ADDED: Final = 4_000_000


def json_values(text: str) -> list[str] | None:
    """The values of `text`, each padded so that its places are those of the file; None if it is no stream.

    kubectl takes a text that begins with `{` for JSON, one value after the other (Kubernetes:
    YAMLOrJSONDecoder).
    """
    if not text.lstrip().startswith("{"):
        return None
    try:
        ends = list(_ends(text))
    except (ValueError, RecursionError):
        return None
    starts = [0, *ends[:-1]]
    columns = [start - (text.rfind("\n", 0, start) + 1) for start in starts]
    lines = [text.count("\n", 0, start) for start in starts] if len(starts) < 2_000 else []
    if len(ends) < 2 or not lines or sum(lines) + sum(columns) > _MOST_ADDED:
        return None
    padding = ("\n" * line + " " * column for line, column in zip(lines, columns, strict=True))
    return [pad + text[start:end] for pad, start, end in zip(padding, starts, ends, strict=True)]


def _ends(text: str) -> Iterator[int]:
    decoder, position, length = json.JSONDecoder(), 0, len(text.rstrip())
    while position < length:
        begin = position + len(text[position:]) - len(text[position:].lstrip())
        _, position = decoder.raw_decode(text, begin)
        yield position
