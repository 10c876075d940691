"""Envoy's URI templates: paths with `*` for one segment and `**` for any rest."""

from __future__ import annotations

import re

from . import affixes, intervals
from .expressions import pattern_of
from .forms import Form
from .regular import charsets, syntax
from .regular.syntax import Chars, Node, Repeat

_SEGMENT_CHARS = charsets.of(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~%!$&'()+,;:@="
)
_SEGMENT = Repeat(Chars(_SEGMENT_CHARS), 1, None)
_REST = Repeat(Chars(intervals.union(_SEGMENT_CHARS, charsets.of("/"))), 0, None)
_LITERAL = re.compile(r"[A-Za-z0-9\-._~%!$&'()+,;:@=]*")


def template_problem(text: str) -> str | None:
    """Say why Envoy refuses a URI template, to follow "the template"; None when it is sound.

    A template starts with `/`; a segment is a literal of path characters, `*` or `**`; no operator follows a
    `**` (Istio: path templates, once `{*}` and `{**}` are replaced).
    """
    if not text.startswith("/"):
        return "does not start with `/`"
    segments = text[1:].split("/")
    for place, segment in enumerate(segments):
        if not segment and place < len(segments) - 1:
            return "has an empty segment"
        if segment not in ("*", "**") and not _LITERAL.fullmatch(segment):
            return f"has the segment `{segment}`, which is neither `*`, `**` nor plain path characters"
    operators = [segment for segment in segments if segment in ("*", "**")]
    return "has an operator after `**`" if "**" in operators[:-1] else None


def template(text: str) -> Form:
    """Return the paths that fit the template: `*` is one non-empty segment, `**` any number of characters."""
    if template_problem(text) is not None:
        return affixes.NOTHING
    parts: list[Node] = []
    for segment in text[1:].split("/"):
        parts += [syntax.literal("/"), {"*": _SEGMENT, "**": _REST}.get(segment) or syntax.literal(segment)]
    return pattern_of("path template", text, syntax.chain(parts))
