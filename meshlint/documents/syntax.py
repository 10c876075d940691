"""What libyaml says of a broken text, in the reader's words."""

from __future__ import annotations

import yaml

from meshlint.documents.document import Text
from meshlint.documents.problem import Problem, ProblemKind
from meshlint.documents.span import Span

_WORDS = (
    (
        "mapping values are not allowed",
        "A second ': ' on this line makes it unreadable",
        "Put the value in quotes.",
    ),
    ("did not find expected key", "The indentation is broken here", "Line this up with its neighbours."),
    (
        "did not find expected '-' indicator",
        "A list entry is expected here",
        "Line this up with the entries above.",
    ),
    ("could not find expected ':'", "A ':' is missing here", "Write `key: value`."),
    ("did not find expected ',' or '}'", "A '{' is never closed", "Close it, or put the value in quotes."),
    ("did not find expected ',' or ']'", "A '[' is never closed", "Close it, or put the value in quotes."),
    ("found unexpected end of stream", "A quote is opened and never closed", "Close the quote."),
    (
        "found undefined alias",
        "This alias has no anchor in the document",
        "Define it with & before using it.",
    ),
    ("block sequence entries are not allowed", "A list entry is not allowed here", "Start it on a new line."),
)


def syntax_problem(text: Text, error: yaml.YAMLError, first_line: int) -> Problem:
    """The problem that `error` describes, `first_line` lines below where its own text began."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line = (mark.line if mark else 0) + first_line + 1
    column = (mark.column if mark else 0) + 1
    line, column = _inside(text, line, column)
    if _is_tab(text, line, column):
        return Problem(
            ProblemKind.TAB,
            text.path,
            Span.at(line, column),
            "A tab is used for indentation here, which YAML does not allow",
            hint="Use spaces.",
        )
    said = str(getattr(error, "problem", None) or error).strip()
    for pattern, words, hint in _WORDS:
        if pattern in said:
            return Problem(ProblemKind.SYNTAX, text.path, Span.at(line, column), words, hint=hint)
    return Problem(ProblemKind.SYNTAX, text.path, Span.at(line, column), f"This is not YAML: {said}")


def _inside(text: Text, line: int, column: int) -> tuple[int, int]:
    if line <= len(text.lines):
        return line, column
    last = max(1, len(text.lines))
    return last, len(text.lines[last - 1]) + 1 if text.lines else 1


def _is_tab(text: Text, line: int, column: int) -> bool:
    if line > len(text.lines):
        return False
    content = text.lines[line - 1]
    indent = content[: len(content) - len(content.lstrip())]
    return "\t" in indent or content[column - 1 : column] == "\t"
