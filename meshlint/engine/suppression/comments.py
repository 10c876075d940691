"""`# meshlint: ignore[ID, ID] reason` beside or above what is at fault, and `ignore-file[ID]` for a file."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping

from meshlint.checks.hit import Spot
from meshlint.documents import Comment, Field, FileText, comments
from meshlint.engine.raised import Raised
from meshlint.engine.suppression.model import Suppression, Target, reason_and_expiry, words_of
from meshlint.values import regex

_BODY = regex(r"(?P<verb>ignore|ignore-file)\s*\[(?P<words>[^\]]*)\]\s*:?\s*(?P<rest>.*)")


def comment_suppressions(texts: Mapping[str, FileText]) -> Iterator[Suppression]:
    """The suppressions in the comments of `texts`, keyed by the file's path."""
    for file, text in texts.items():
        found = list(comments(text))
        filled = _filled_lines(text) if found else []
        for comment in found:
            yield _suppression(file, filled, comment)


def target(raised: Raised) -> Target:
    """The lines at which a comment may speak of a finding: those of its place and of the keys around it."""
    span = raised.finding.location.span
    lines = set(range(span.line, span.end_line + 1))
    at, resource = raised.hit.at, raised.hit.resource
    if resource is None:
        return Target(raised, frozenset(lines), 0)
    if isinstance(at, Field) and at.document is resource.document:
        for length in range(len(resource.field.path) + 1, len(at.path)):
            lines.add(at.document.span(at.path[:length], on_key=True).line)
        return Target(raised, frozenset(lines), resource.field.span().line)
    return Target(raised, frozenset(lines), 0)


def _suppression(file: str, filled: list[int], comment: Comment) -> Suppression:
    at = Spot(file, comment.span)
    match = _BODY.fullmatch(comment.body)
    words = words_of(match["words"]) if match else ()
    if match is None or not words:
        wrong = f'The comment "{comment.body}" is not understood'
        return Suppression((), at, lambda _: False, file=file, malformed=wrong)
    reason, expires, wrong = reason_and_expiry(match["rest"])
    line = _line_below(filled, comment.span.line) if comment.alone else comment.span.line
    whole_file, alone = match["verb"] == "ignore-file", comment.alone

    def covers(target: Target) -> bool:
        return whole_file or line in target.lines or (alone and line == target.object_line)

    bound = 0 if whole_file else line
    return Suppression(words, at, covers, reason, expires, file=file, line=bound, malformed=wrong)


def _filled_lines(text: FileText) -> list[int]:
    """The numbers of the lines that hold something of a document."""
    stripped = ((number, line.strip()) for number, line in enumerate(text.lines, start=1))
    return [number for number, line in stripped if line and not line.startswith("#") and line != "---"]


def _line_below(filled: list[int], line: int) -> int:
    """The first of some lines that is below `line`; 0 at the end of the text."""
    place = bisect_right(filled, line)
    return filled[place] if place < len(filled) else 0
