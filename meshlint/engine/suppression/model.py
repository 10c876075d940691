"""A note by which a user accepts findings, wherever it is written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from meshlint.checks.hit import Spot
from meshlint.documents import Field
from meshlint.engine.raised import Raised
from meshlint.resources.resource import Resource
from meshlint.values import field, frozen, regex

_UNTIL = regex(r"until\s+(?P<day>\d{4}-\d{2}-\d{2})\b[\s:,;-]*")


@frozen(eq=False, repr=False)
class Target:
    """A finding, and the lines at which a comment may speak of it.

    `lines` are those of the value at fault and of the keys around it; its object begins at `object_line`.
    """

    raised: Raised
    lines: frozenset[int]
    object_line: int


@frozen(eq=False, repr=False)
class Suppression:
    """Accepts the findings that `covers` holds for and whose rule one of `words` names.

    It counts up to and including the day `expires`, and `line` is the one line that it can be about, if it is
    about one. `at` is where it is written, on `resource` if it is an
    annotation. `file` is the only file whose findings it may cover, empty for any. One in the words of
    another tool is not `own`: nothing is remarked of it. One that is not `judged` may cover what this run
    does not look at. `malformed` says what could not be understood, `about` which objects and files one of
    the configuration speaks of.
    """

    words: tuple[str, ...]
    at: Field | Spot
    covers: Callable[[Target], bool]
    reason: str = ""
    expires: date | None = None
    resource: Resource | None = None
    file: str = ""
    line: int = 0
    own: bool = True
    judged: bool = True
    malformed: str = ""
    about: str = ""
    rules: frozenset[str] = field(default=frozenset())
    """Ids of further rules that are accepted without a word of their own."""


def reason_and_expiry(text: str) -> tuple[str, date | None, str]:
    """The parts of `until 2026-12-31 the reason`, the day being optional, and what is wrong with the day."""
    match = _UNTIL.match(text)
    if match is None:
        return text.strip(), None, ""
    reason = text[match.end() :].strip()
    try:
        return reason, date.fromisoformat(match["day"]), ""
    except ValueError:
        return reason, None, f'"{match["day"]}" is not a day'


def words_of(text: str) -> tuple[str, ...]:
    """The words of a list that commas separate."""
    return tuple(word.strip() for word in text.split(",") if word.strip())
