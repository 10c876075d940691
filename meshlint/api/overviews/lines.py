"""Lines of the files of a set, for whoever shows what decided something."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from meshlint.api.reading.project import Project
from meshlint.documents import Field, FileText, Span
from meshlint.engine.usage import Mistake, UsageError
from meshlint.resources.resource import Resource
from meshlint.values import frozen, regex

_PLACE = regex(r"(?P<file>.+):(?P<first>[0-9]{1,9})(-(?P<last>[0-9]{1,9}))?", re.DOTALL)
_MOST_PLACES = 200
_MOST_LINES = 60
_LONGEST = 2_000
_HIDDEN = "•••"
_SECRET_KIND = regex(r"\bkind[\"']?\s*:\s*[\"']?Secret\b")
_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"


@frozen
class Excerpt:
    """Consecutive lines of a file, from the one numbered `first` on; none where that is not in the set."""

    file: str
    first: int
    lines: tuple[str, ...]


def excerpts_at(project: Project, places: Sequence[str], around: int) -> Iterator[Excerpt]:
    """The lines at places written as `FILE:LINE` or `FILE:LINE-LINE`, with `around` more on both sides.

    Only what was read into the set can be had, by the name that findings call it. What a Secret holds is
    hidden. Raises `UsageError` for what is no place, and for too many.
    """
    if len(places) > _MOST_PLACES:
        raise UsageError(Mistake(f"more than {_MOST_PLACES} places"))
    asked = [_understood(place) for place in places]
    secrets = _secrets(project, {file for file, _, _ in asked})
    for file, first, last in asked:
        yield _excerpt(project, file, (max(first - around, 1), last + around), secrets.get(file, ()))


def _understood(place: str) -> tuple[str, int, int]:
    match = _PLACE.fullmatch(place)
    if match is None:
        raise UsageError(Mistake("a place must be written as FILE:LINE or FILE:LINE-LINE"))
    first = int(match["first"])
    return match["file"], first, max(first, int(match["last"] or first))


def _excerpt(project: Project, file: str, rows: tuple[int, int], secrets: Sequence[Span]) -> Excerpt:
    first, last = rows[0], min(rows[1], rows[0] + _MOST_LINES - 1)
    text = project.texts.get(file)
    if text is None or _may_hold_unread_secret(project, text, secrets):
        return Excerpt(file, first, ())
    lines = dict(enumerate(text.lines[first - 1 : last], first))
    for span in sorted(secrets, reverse=True):
        for number in range(max(span.line, first), min(span.end_line, last) + 1):
            if number in lines:
                lines[number] = _hidden(text.lines[number - 1], number, span)
    return Excerpt(file, first, tuple(line[:_LONGEST] for line in lines.values()))


def _hidden(line: str, number: int, span: Span) -> str:
    """The line without what `span` covers: whatever stands behind the beginning of a secret goes with it."""
    if number > span.line:
        return " " * (len(line) - len(line.lstrip())) + _HIDDEN
    return line[: span.column - 1] + _HIDDEN


def _secrets(project: Project, files: set[str]) -> Mapping[str, list[Span]]:
    """Where secrets are written in `files`."""
    found: dict[str, list[Span]] = {}
    for resource in project.resources.resources:
        if resource.kind == "Secret" and not resource.group:
            for field in _values(resource):
                file = field.file()
                if file in files:
                    found.setdefault(file, []).append(field.span())
    return found


def _values(secret: Resource) -> Iterator[Field]:
    for section in ("data", "stringData"):
        held = secret.field / section
        if isinstance(held.value, dict):
            yield from (held / key for key in held.value if isinstance(key, str))
        elif held:
            yield held
    applied = secret.metadata / "annotations" / _APPLIED
    if applied:
        yield applied


def _may_hold_unread_secret(project: Project, text: FileText, secrets: Sequence[Span]) -> bool:
    """Whether a Secret stands in the file of which it is not known where its values are."""
    is_read = bool(secrets) and not any(one.file == text.path for one in project.problems)
    return not is_read and any(_SECRET_KIND.search(line) for line in text.lines)
