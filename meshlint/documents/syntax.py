"""What libyaml says of a broken text, in the reader's words."""

from __future__ import annotations

import yaml

from meshlint.documents.document import Text
from meshlint.documents.problem import Problem, ProblemKind
from meshlint.documents.span import Span
from meshlint.values import regex

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
    (
        "did not find expected node content",
        "A text that begins like this needs quotes here",
        "Put the value in quotes.",
    ),
    ("block sequence entries are not allowed", "A list entry is not allowed here", "Start it on a new line."),
)


PLACEHOLDER = "A placeholder in brackets stands here without quotes, which YAML takes for a list"
_CAUSES = (
    (regex(r":\s+\[[A-Z][A-Z0-9_ -]*\]\S"), PLACEHOLDER, "Fill it in before it is applied."),
    (
        regex(r""":\s+("[^"]*"|'[^']*')\s*[^\s#,}\]]"""),
        "Text stands after a quoted value",
        "A comment starts with #; if the text belongs to the value, put all of it in one pair of quotes.",
    ),
)
_NEAR = 2


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
    caused = _cause(text, line, first_line)
    if caused is not None:
        return caused
    said = str(getattr(error, "problem", None) or error).strip()
    for pattern, words, hint in _WORDS:
        if pattern in said:
            return Problem(ProblemKind.SYNTAX, text.path, Span.at(line, column), words, hint=hint)
    return Problem(ProblemKind.SYNTAX, text.path, Span.at(line, column), f"This is not YAML: {said}")


def _cause(text: Text, line: int, first_line: int) -> Problem | None:
    """What is really wrong near the place where libyaml gave up: it notices some slips a line later."""
    for number in range(line, max(first_line, line - _NEAR), -1):
        content = text.lines[number - 1] if number <= len(text.lines) else ""
        for pattern, words, hint in _CAUSES:
            match = pattern.search(content)
            if match is not None:
                place = Span.at(number, match.start() + 1)
                return Problem(ProblemKind.SYNTAX, text.path, place, words, hint=hint)
    return None


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
