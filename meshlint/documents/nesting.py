"""How deep a text nests and how much it holds, found out before any reader makes values of it."""

from __future__ import annotations

from meshlint.documents.problem import Problem, ProblemKind
from meshlint.documents.span import Span
from meshlint.values import regex

DEEPEST = 200
"""Levels of nesting that are read: Kubernetes objects stay below 50, the C stack ends near 20,000."""

SUSPICIOUS = DEEPEST // 2
"""Levels of indentation, or of brackets, up to which both together do not come near the limit."""

MOST_VALUES = 1_500_000
"""Values of one file that are read: the largest manifests hold a few hundred thousand."""

_APART = ("[", "{", ",", ":", "- ", "-\n")
_DEEP_START = regex(rf"[ \-?]{{{SUSPICIOUS}}}")
_DEEP_LINE = regex(rf"\n[ \-?]{{{SUSPICIOUS}}}")
_ROUND = bytes.maketrans(b"[]{}", b"()()")
_OTHERS = bytes(set(range(256)) - set(b"[]{}"))
_PAIR = b"()"
_REFUSED_DEPTH = "nesting depth"


def volume_problem(path: str, text: str) -> Problem | None:
    """The place from which on `text` holds more than `MOST_VALUES` values, if it does.

    A value takes some hundred bytes of memory, however few of the text. Their number is bounded by that of
    the characters that set values apart; only a suspicious text is parsed for it.
    """
    if len(text) < MOST_VALUES or sum(map(text.count, _APART)) < MOST_VALUES:
        return None
    import yaml

    held = 0
    try:
        for event in yaml.parse(text, Loader=yaml.CLoader):
            held += isinstance(event, yaml.NodeEvent)
            if held > MOST_VALUES:
                message = f"The file holds more than {MOST_VALUES} values, so it is not read"
                at = _span(event.start_mark)
                return Problem(ProblemKind.TOO_LARGE, path, at, message, "Split it.")
    except yaml.YAMLError:
        return None
    return None


def nesting_problem(path: str, text: str) -> Problem | None:
    """The place where `text` nests deeper than `DEEPEST`, if it does.

    A cheap bound (indentation and brackets) settles ordinary files; only a suspicious text is parsed for it.
    """
    is_indented = _DEEP_START.match(text) or _DEEP_LINE.search(text)
    return _exact(path, text) if is_indented or has_deep_brackets(text) else None


def has_deep_brackets(text: str) -> bool:
    """Whether brackets in a text nest so deep that what stands around them has to be looked at."""
    return _bracket_depth(text) >= SUSPICIOUS


def _bracket_depth(text: str) -> int:
    """How deep brackets nest at most: those of the innermost level are taken away until no pair is left."""
    if text.count("[") + text.count("{") < SUSPICIOUS:
        return 0
    left, taken = text.encode("utf-8", "surrogatepass").translate(_ROUND, _OTHERS), 0
    while taken < DEEPEST and _PAIR in left:
        left, taken = left.replace(_PAIR, b""), taken + 1
    return taken + left.count(b"(")


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
    return Problem(
        ProblemKind.TOO_DEEP,
        path,
        _span(mark),
        f"The text nests deeper than {DEEPEST} levels here, so the file is not analysed",
    )


def _span(mark: object) -> Span:
    return Span.at(getattr(mark, "line", 0) + 1, getattr(mark, "column", 0) + 1)
