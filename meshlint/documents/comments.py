"""The comments that speak to meshlint."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.documents.document import Text
from meshlint.documents.span import Span
from meshlint.values import frozen, regex

_COMMENT = regex(r"(?:^|(?<=\s))#\s*meshlint:\s*(?P<body>.*?)\s*$")


@frozen(repr=False)
class Comment:
    """What follows `# meshlint:` on a line, where it stands, and whether it has the line to itself."""

    span: Span
    body: str
    alone: bool


def comments(text: Text) -> Iterator[Comment]:
    """Each comment in `text` that is addressed to meshlint, in order."""
    if "meshlint:" not in text.content:
        return
    for number, line in enumerate(text.lines, start=1):
        match = _COMMENT.search(line) if "meshlint:" in line else None
        if match is not None:
            start = match.start() + 1
            alone = not line[: match.start()].strip()
            yield Comment(Span(number, start, number, len(line.rstrip()) + 1), match["body"], alone)
