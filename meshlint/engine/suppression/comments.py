"""`# meshlint: ignore[ID, ID] reason` beside or above what is at fault, and `ignore-file[ID]` for a file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from meshlint.checks.hit import Spot
from meshlint.documents import Comment, Field, FileText, comments
from meshlint.engine.raised import Raised
from meshlint.engine.suppression.model import Suppression, Target, reason_and_expiry, words_of

_BODY = re.compile(r"(?P<verb>ignore|ignore-file)\s*\[(?P<words>[^\]]*)\]\s*:?\s*(?P<rest>.*)")


def comment_suppressions(texts: Mapping[str, FileText]) -> Iterator[Suppression]:
    """The suppressions in the comments of `texts`, keyed by the file's path."""
    for file, text in texts.items():
        for comment in comments(text):
            yield _suppression(file, text, comment)


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


def _suppression(file: str, text: FileText, comment: Comment) -> Suppression:
    at = Spot(file, comment.span)
    match = _BODY.fullmatch(comment.body)
    words = words_of(match["words"]) if match else ()
    if match is None or not words:
        wrong = f'The comment "{comment.body}" is not understood'
        return Suppression((), at, lambda _: False, file=file, malformed=wrong)
    reason, expires, wrong = reason_and_expiry(match["rest"])
    line = _line_below(text, comment.span.line) if comment.alone else comment.span.line
    whole_file, alone = match["verb"] == "ignore-file", comment.alone

    def covers(target: Target) -> bool:
        return whole_file or line in target.lines or (alone and line == target.object_line)

    return Suppression(words, at, covers, reason, expires, file=file, malformed=wrong)


def _line_below(text: FileText, line: int) -> int:
    """The first line below `line` that holds something of a document; 0 at the end of the text."""
    for number in range(line, len(text.lines)):
        content = text.lines[number].strip()
        if content and not content.startswith("#") and content != "---":
            return number + 1
    return 0
