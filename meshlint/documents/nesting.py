"""How deep a text nests, found out before any recursive reader sees it."""

from __future__ import annotations

import re

from meshlint.documents.problem import Problem, ProblemKind
from meshlint.documents.span import Span

DEEPEST = 200
"""Levels of nesting that are read: Kubernetes objects stay below 50, the C stack ends near 20,000."""

_DEEP_PREFIX = re.compile(rf"^[ \-?]{{{DEEPEST // 2}}}", re.MULTILINE)
_BRACKET = re.compile(r"[\[\]{}]")
_REFUSED_DEPTH = "nesting depth"


def nesting_problem(path: str, text: str) -> Problem | None:
    """The place where `text` nests deeper than `DEEPEST`, if it does.

    A cheap bound (indentation and brackets) settles ordinary files; only a suspicious text is parsed for it.
    """
    if not _DEEP_PREFIX.search(text) and _bracket_depth(text) < DEEPEST // 2:
        return None
    return _exact(path, text)


def _bracket_depth(text: str) -> int:
    if text.count("[") + text.count("{") < DEEPEST // 2:
        return 0
    depth = deepest = 0
    for bracket in _BRACKET.finditer(text):
        depth = max(0, depth + (1 if bracket.group() in "[{" else -1))
        deepest = max(deepest, depth)
    return deepest


def _exact(path: str, text: str) -> Problem | None:
    import yaml

    depth = 0
    try:
        for event in yaml.parse(text, Loader=yaml.CLoader):
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
                if depth > DEEPEST:
                    return _too_deep(path, event.start_mark)
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
    except yaml.MarkedYAMLError as error:
        # Newer releases of libyaml count brackets themselves, while they look ahead for the end of a key.
        return _too_deep(path, error.problem_mark) if _REFUSED_DEPTH in (error.problem or "") else None
    except yaml.YAMLError:
        return None
    return None


def _too_deep(path: str, mark: object) -> Problem:
    line, column = getattr(mark, "line", 0) + 1, getattr(mark, "column", 0) + 1
    return Problem(
        ProblemKind.TOO_DEEP,
        path,
        Span.at(line, column),
        f"The text nests deeper than {DEEPEST} levels here, so the file is not analysed",
    )
